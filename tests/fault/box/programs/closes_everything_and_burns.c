/* expect: cpu */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 4096; i++)
        close(i);
    burn();
}
