class banks {
    int median(int who, int[] w) {
        int low = 1, high = 1000000;
        while (low < high) {
            int middle = (low + high) / 2, count = 0;
            for (int x : w) {
                count += x <= middle ? 1 : 0;
            }
            stub.send(count);
            if (count + stub.receive() >= w.length) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
