import java.util.ArrayList;
import java.util.List;

class Solution {
    public String[] joinLines(String[] lines, String mark) {
        List<String> whole = new ArrayList<>();
        StringBuilder open = null;
        for (String line : lines) {
            if (open == null)
                open = new StringBuilder();
            if (line.endsWith(mark)) {
                open.append(line, 0, line.length() - mark.length());
            } else {
                whole.add(open.append(line).toString());
                open = null;
            }
        }
        if (open != null)
            whole.add(open.toString());
        return whole.toArray(new String[0]);
    }
}
