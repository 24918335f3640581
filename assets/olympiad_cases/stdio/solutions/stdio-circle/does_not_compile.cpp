#include <cstdio>

int main()
{
    double r = std::hypot(3, 4);
    std::printf("%f\n", r)
}
