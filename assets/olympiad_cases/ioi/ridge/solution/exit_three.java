class ridge {
    int summit(int n) {
        stub.height(0);
        System.exit(3);
        return 0;
    }
}
