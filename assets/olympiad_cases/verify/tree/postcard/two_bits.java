class postcard {
    String encode(int[] h) {
        StringBuilder bits = new StringBuilder();
        for (int i = 9; i >= 0; i--) {
            bits.append(h[0] >> i & 1);
        }
        for (int i = 1; i < h.length; i++) {
            bits.append(h[i] > h[i - 1] ? "10" : h[i] < h[i - 1] ? "01" : "00");
        }
        return bits.toString();
    }

    int[] decode(int n, String bits) {
        int[] h = new int[n];
        h[0] = Integer.parseInt(bits.substring(0, 10), 2);
        for (int i = 1; i < n; i++) {
            h[i] = h[i - 1] + (bits.charAt(8 + 2 * i) - '0') - (bits.charAt(9 + 2 * i) - '0');
        }
        return h;
    }
}
