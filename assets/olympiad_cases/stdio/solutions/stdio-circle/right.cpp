#include <cmath>
#include <cstdio>
#include <vector>

struct point {
    double x, y;
};
struct circle {
    point at;
    double r;
};

static bool holds(const circle &c, point p)
{
    return std::hypot(p.x - c.at.x, p.y - c.at.y) <= c.r * (1 + 1e-12) + 1e-9;
}

static circle through(point p, point q)
{
    return {{(p.x + q.x) / 2, (p.y + q.y) / 2}, std::hypot(p.x - q.x, p.y - q.y) / 2};
}

static circle around(point p, point q, point r)
{
    double ax = q.x - p.x, ay = q.y - p.y, bx = r.x - p.x, by = r.y - p.y;
    double d = 2 * (ax * by - ay * bx);
    if (d == 0) {
        circle best = through(p, q);
        for (circle c : {through(p, r), through(q, r)})
            if (c.r > best.r)
                best = c;
        return best;
    }
    double x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d;
    double y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d;
    return {{p.x + x, p.y + y}, std::hypot(x, y)};
}

int main()
{
    int n;
    if (std::scanf("%d", &n) != 1)
        return 1;
    std::vector<point> p(n);
    for (point &q : p)
        if (std::scanf("%lf %lf", &q.x, &q.y) != 2)
            return 1;
    circle c = {p[0], 0};
    for (int i = 0; i < n; i++) {
        if (holds(c, p[i]))
            continue;
        c = {p[i], 0};
        for (int j = 0; j < i; j++) {
            if (holds(c, p[j]))
                continue;
            c = through(p[i], p[j]);
            for (int k = 0; k < j; k++)
                if (!holds(c, p[k]))
                    c = around(p[i], p[j], p[k]);
        }
    }
    std::printf("%.10f %.10f %.10f\n", c.at.x, c.at.y, c.r);
}
