/* expect: filtered
 * The door of 32-bit programs has other numbers: 20 is getpid there and writev here. */
int main(void)
{
    long rc = 20;
    __asm__ volatile("int $0x80" : "+a"(rc) : : "memory");
    return rc > 0 ? 1 : 0;
}
