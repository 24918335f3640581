// Calls one method of a submission; see graders/judge/call.h. Arguments are read as the types that
// the method itself declares. Descriptor 3 has no name that another user could open, so it is put
// into a FileDescriptor by its number (the driver is started with java.io opened to it).
import java.io.*;
import java.lang.reflect.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

public class PodiumCall {
    private String text;
    private int at = 0;

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException(
            "an argument is not of the type that the method takes");
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at)))
            at++;
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean skip(char c) {
        if (peek() != c)
            return false;
        at++;
        return true;
    }

    private void need(char c) {
        if (!skip(c))
            throw wrong();
    }

    private String token() {
        peek();
        int from = at;
        while (at < text.length() && "+-.".indexOf(text.charAt(at)) >= 0
               || at < text.length() && Character.isLetterOrDigit(text.charAt(at)))
            at++;
        return text.substring(from, at);
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        need('"');
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\') {
                c = text.charAt(at++);
                int i = "bfnrt".indexOf(c);
                if (i >= 0) {
                    c = "\b\f\n\r\t".charAt(i);
                } else if (c == 'u') {
                    c = (char)Integer.parseInt(text.substring(at, at + 4), 16);
                    at += 4;
                }
            }
            out.append(c);
        }
        at++;
        return out.toString();
    }

    private char character() {
        String s = string();
        if (s.length() != 1)
            throw wrong();
        return s.charAt(0);
    }

    private boolean truth() {
        String s = token();
        if (!s.equals("true") && !s.equals("false"))
            throw wrong();
        return s.equals("true");
    }

    private Object array(Class<?> of) {
        List<Object> v = list(of);
        Object out = Array.newInstance(of, v.size());
        for (int i = 0; i < v.size(); i++)
            Array.set(out, i, v.get(i));
        return out;
    }

    private List<Object> list(Type of) {
        List<Object> v = new ArrayList<>();
        need('[');
        if (skip(']'))
            return v;
        do
            v.add(value(of));
        while (skip(','));
        need(']');
        return v;
    }

    private Object value(Type t) {
        if (t instanceof ParameterizedType
            && ((Class<?>)((ParameterizedType)t).getRawType()).isAssignableFrom(ArrayList.class))
            return list(((ParameterizedType)t).getActualTypeArguments()[0]);
        if (!(t instanceof Class))
            throw wrong();
        Class<?> c = (Class<?>)t;
        if (c.isArray())
            return array(c.getComponentType());
        if (c == int.class || c == Integer.class)
            return Integer.parseInt(token());
        if (c == long.class || c == Long.class)
            return Long.parseLong(token());
        if (c == double.class || c == Double.class)
            return Double.parseDouble(token());
        if (c == float.class || c == Float.class)
            return Float.parseFloat(token());
        if (c == boolean.class || c == Boolean.class)
            return truth();
        if (c == char.class || c == Character.class)
            return character();
        if (c == String.class)
            return string();
        throw wrong();
    }

    private static void quote(StringBuilder out, String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\')
                out.append('\\').append(c);
            else if (c >= 32 && c < 127)
                out.append(c);
            else
                out.append(String.format("\\u%04x", (int)c));
        }
        out.append('"');
    }

    private static void floating(StringBuilder out, double v) {
        out.append(Double.isNaN(v) ? "NaN" : Double.isInfinite(v) ? v < 0 ? "-Infinity"
            : "Infinity" : Double.toString(v));
    }

    private static void plain(StringBuilder out, Object v) {
        if (v == null)
            out.append("null");
        else if (v instanceof Integer || v instanceof Long || v instanceof Short
                 || v instanceof Byte || v instanceof Boolean)
            out.append(v);
        else if (v instanceof Double || v instanceof Float)
            floating(out, ((Number)v).doubleValue());
        else if (v instanceof String || v instanceof Character)
            quote(out, v.toString());
        else if (v.getClass().isArray() || v instanceof List)
            elements(out, v);
        else
            throw new IllegalArgumentException("the result holds a " + v.getClass().getName()
                                               + ", which is no plain data");
    }

    private static void elements(StringBuilder out, Object v) {
        boolean isList = v instanceof List;
        int n = isList ? ((List<?>)v).size() : Array.getLength(v);
        Iterator<?> each = isList ? ((List<?>)v).iterator() : null;
        out.append('[');
        for (int i = 0; i < n; i++) {
            if (i > 0)
                out.append(',');
            plain(out, isList ? each.next() : Array.get(v, i));
        }
        out.append(']');
    }

    private Object[] arguments(Method m) {
        Type[] types = m.getGenericParameterTypes();
        Object[] v = new Object[types.length];
        need('[');
        for (int i = 0; i < v.length; i++) {
            if (i > 0)
                need(',');
            v[i] = value(types[i]);
        }
        need(']');
        return v;
    }

    private static Object call(PodiumCall in, String className, String method) throws Throwable {
        Class<?> c = Class.forName(className);
        for (Method m : c.getDeclaredMethods()) {
            if (!m.getName().equals(method) || m.isSynthetic() || Modifier.isPrivate(m.getModifiers()))
                continue;
            Constructor<?> make = c.getDeclaredConstructor();
            make.setAccessible(true);
            m.setAccessible(true);
            try {
                return m.invoke(make.newInstance(), in.arguments(m));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
        throw new NoSuchMethodException(className + "." + method);
    }

    private static OutputStream channel() throws Exception {
        FileDescriptor three = new FileDescriptor();
        Field number = FileDescriptor.class.getDeclaredField("fd");
        number.setAccessible(true);
        number.setInt(three, 3);
        return new FileOutputStream(three);
    }

    // In a thread of its own: the main thread's stack cannot be made larger.
    public static void main(String[] unused) throws Exception {
        String[] lines = new String(Files.readAllBytes(Paths.get("call.txt")),
                                    StandardCharsets.UTF_8).split("\n", 4);
        OutputStream out = channel();
        PodiumCall in = new PodiumCall();
        in.text = lines[3];
        Thread t = new Thread(null, () -> {
            try {
                StringBuilder b = new StringBuilder();
                plain(b, call(in, lines[1], lines[2]));
                System.out.flush();
                byte[] text = b.toString().getBytes(StandardCharsets.US_ASCII);
                out.write((lines[0] + " " + text.length + "\n").getBytes());
                out.write(text);
                out.write(("\n" + lines[0] + "\n").getBytes());
                Runtime.getRuntime().halt(0);
            } catch (Throwable e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }, "call", 1L << 28);
        t.start();
    }
}
