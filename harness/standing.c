#include "harness/standing.h"

static int64_t count_subtasks(const struct task *t)
{
    int64_t n = 0;
    for (int64_t i = 0; i < t->n_groups; i++)
        n += t->groups[i].is_subtask;
    return n;
}

static void init_subtasks(const struct task *t, struct standing_problem *p, struct arena *keep)
{
    const struct group_result *best = scoring_best(t, keep);
    p->subtasks = NEW(keep, struct standing_subtask, count_subtasks(t));
    for (int64_t i = 0; i < t->n_groups; i++)
        if (t->groups[i].is_subtask)
            p->subtasks[p->n_subtasks++] =
                (struct standing_subtask){.i_group = i, .points = best[i].score, .i_best = -1};
}

static void take_points(struct standing_problem *p, const struct judging_job *job, int64_t i)
{
    if (job->score > p->best_single)
        p->best_single = job->score;
    if (p->n_subtasks == 0)
        p->score = p->best_single;
    for (int64_t k = 0; k < p->n_subtasks && job->found.groups != NULL; k++) {
        struct standing_subtask *s = &p->subtasks[k];
        double got = job->found.groups[s->i_group].score;
        if (got > s->score) {
            s->score = got;
            s->i_best = i;
        }
    }
}

static void take_verdict(struct standing_problem *p, const struct standing_attempt *a)
{
    enum outcome o = a->job->found.verdict;
    if (p->is_solved || o == OUTCOME_CE)
        return;
    if (o != OUTCOME_AC) {
        p->n_wrong++;
        return;
    }
    p->is_solved = true;
    p->has_minutes = a->has_minutes;
    p->minutes = a->minutes;
}

void standing_of(const struct task *t, const struct standing_attempt *attempts, int64_t n,
                 struct standing_problem *out, struct arena *keep)
{
    *out = (struct standing_problem){.task = t, .is_complete = true, .n_attempts = n};
    if (t->has_score)
        init_subtasks(t, out, keep);
    for (int64_t i = 0; i < n; i++) {
        if (!attempts[i].job->is_judged) {
            out->is_complete = false;
            continue;
        }
        out->n_judged++;
        take_points(out, attempts[i].job, i);
        take_verdict(out, &attempts[i]);
    }
    for (int64_t k = 0; k < out->n_subtasks; k++)
        out->score += out->subtasks[k].score;
    if (!t->has_score)
        out->score = out->is_solved ? 1 : 0;
    if (out->is_solved)
        out->penalty =
            (out->has_minutes ? out->minutes : 0) + STANDING_WRONG_MINUTES * (double)out->n_wrong;
}
