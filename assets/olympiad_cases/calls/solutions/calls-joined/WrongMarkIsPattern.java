import java.util.ArrayList;
import java.util.List;

class Solution {
    public String[] joinLines(String[] lines, String mark) {
        List<String> whole = new ArrayList<>();
        String open = null;
        for (String line : lines) {
            open = (open == null ? "" : open) + line.replaceAll(mark + "$", "");
            if (!line.endsWith(mark)) {
                whole.add(open);
                open = null;
            }
        }
        if (open != null)
            whole.add(open);
        return whole.toArray(new String[0]);
    }
}
