import java.math.BigInteger;

class postcard {
    String encode(int[] h) {
        boolean hasFlat = false;
        for (int i = 1; i < h.length; i++) {
            hasFlat |= h[i] == h[i - 1];
        }
        StringBuilder bits = new StringBuilder(hasFlat ? "1" : "0");
        bits.append(String.format("%10s", Integer.toBinaryString(h[0])).replace(' ', '0'));
        int block = hasFlat ? 5 : 1;
        for (int i = 1; i < h.length; i += block) {
            int value = 0;
            for (int j = i; j < i + block; j++) {
                int step = j < h.length ? h[j] - h[j - 1] : -1;
                value = hasFlat ? value * 3 + step + 1 : (step + 1) / 2;
            }
            String digits = Integer.toBinaryString(value);
            bits.append("0".repeat((hasFlat ? 8 : 1) - digits.length())).append(digits);
        }
        return bits.toString();
    }

    int[] decode(int n, String bits) {
        int[] h = new int[n];
        h[0] = new BigInteger(bits.substring(1, 11), 2).intValue();
        boolean hasFlat = bits.charAt(0) == '1';
        int[] weights = {81, 27, 9, 3, 1};
        for (int i = 1; i < n; i++) {
            if (hasFlat) {
                int at = 11 + (i - 1) / 5 * 8;
                int value = Integer.parseInt(bits.substring(at, at + 8), 2);
                h[i] = h[i - 1] + value / weights[(i - 1) % 5] % 3 - 1;
            } else {
                h[i] = h[i - 1] + (bits.charAt(10 + i) == '1' ? 1 : -1);
            }
        }
        return h;
    }
}
