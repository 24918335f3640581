class postcard {
    String encode(int[] h) {
        throw new IllegalStateException("no stamps");
    }

    int[] decode(int n, String bits) {
        return new int[n];
    }
}
