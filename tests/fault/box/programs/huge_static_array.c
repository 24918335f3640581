/* expect: signalled memory
 * A tebibyte of zeros compiles to a few KiB. */
static char a[1ULL << 40];
int main(int argc, char **argv)
{
    (void)argv;
    a[(unsigned long)argc << 39] = 1;
    return a[5];
}
