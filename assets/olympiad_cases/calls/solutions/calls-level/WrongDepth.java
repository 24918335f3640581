import java.util.Arrays;

class Solution {
    public double waterLevel(double[][] tanks, double volume) {
        double area = 0;
        for (double[] t : tanks)
            area += t[1];
        return volume / area;
    }
}
