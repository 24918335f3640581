/* expect: cpu */
#include <hostile.h>
int main(void)
{
    burn();
}
