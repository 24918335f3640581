/* expect: cpu
 * The first thread ends, the others burn: the process looks like a zombie. */
#include <hostile.h>
#include <pthread.h>
static void *busy(void *unused)
{
    burn();
    return unused;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, busy, NULL);
    pthread_create(&t, NULL, busy, NULL);
    pthread_exit(NULL);
}
