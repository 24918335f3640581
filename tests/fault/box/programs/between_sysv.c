/* expect: exited
 * System V objects have no owner that dies: without an IPC namespace of each run they stay until
 * the machine is restarted. */
#include <hostile.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(int argc, char **argv)
{
    key_t key = 0x706f6469;
    if (is_role(argc, argv, "find")) {
        struct shmid_ds ds;
        MUST_FAIL(shmget(key, 4096, 0));
        MUST_FAIL(msgget(key, 0));
        MUST_FAIL(semget(key, 1, 0));
        for (int id = 0; id < 200; id++)
            if (shmctl(id, SHM_STAT, &ds) >= 0)
                MUST_FAIL(id);
        return contained();
    }
    int id = shmget(key, 4096, IPC_CREAT | 0666);
    char *p = id < 0 ? (char *)-1 : shmat(id, NULL, 0);
    if (p != (char *)-1)
        strcpy(p, "left behind");
    (void)msgget(key, IPC_CREAT | 0666);
    (void)semget(key, 1, IPC_CREAT | 0666);
    return stay(argc, argv);
}
