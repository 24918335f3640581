import java.util.Arrays;

class Solution {
    public double waterLevel(double[][] tanks, double volume) {
        Arrays.sort(tanks, (a, b) -> Double.compare(a[0], b[0]));
        double area = 0, height = tanks[0][0];
        for (double[] t : tanks) {
            if (area > 0 && volume <= area * (t[0] - height))
                break;
            volume -= area * (t[0] - height);
            height = t[0];
            area += t[1];
        }
        return height + volume / area;
    }
}
