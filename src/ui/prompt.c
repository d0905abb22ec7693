#include "oneclick/ui/prompt.h"

#include <string.h>

#include "oneclick/base/mem.h"

void
history_init(struct history *history, const void *ctx)
{
	*history = (struct history){ .ctx = ctx };
}

void
history_add(struct history *history, const char *line)
{
	if (!*line ||
		(history->count && strcmp(history->line[history->count - 1], line) == 0))
		return;
	if (history->count == HISTORY_MAX) {
		mem_free(history->line[0]);
		memmove(history->line, history->line + 1,
			(HISTORY_MAX - 1) * sizeof(*history->line));
		history->count--;
	}
	history->line[history->count++] = mem_text(history->ctx, line);
}

void
prompt_init(struct prompt *prompt, const void *ctx, struct safe_text label,
	struct history *history)
{
	*prompt = (struct prompt){
		.label = label,
		.history = history,
		.step = history ? history->count : 0,
		.words_life = mem_life(ctx),
	};
	edit_init(&prompt->edit, ctx, 0);
}

static void
forget_words(struct prompt *prompt)
{
	const void *ctx = prompt->edit.ctx;

	mem_free(prompt->words_life);
	prompt->words_life = mem_life(ctx);
	prompt->found = (struct completion){ .count = 0 };
	prompt->word_at = 0;
}

/* Goes to line `step` of the history; past its end lies what was being typed. */
static void
go_history(struct prompt *prompt, size_t step)
{
	const struct history *history = prompt->history;

	if (prompt->step == history->count) {
		mem_free(prompt->draft);
		prompt->draft = mem_text(prompt->edit.ctx, prompt->edit.text);
	}
	prompt->step = step;
	edit_set(&prompt->edit,
		step < history->count ? history->line[step] : prompt->draft);
}

static bool
history_key(struct prompt *prompt, const struct chord *chord)
{
	if (!prompt->history)
		return false;
	if (chord_is(chord, CHORD_UP)) {
		if (prompt->step > 0)
			go_history(prompt, prompt->step - 1);
	} else if (chord_is(chord, CHORD_DOWN)) {
		if (prompt->step < prompt->history->count)
			go_history(prompt, prompt->step + 1);
	} else {
		return false;
	}
	return true;
}

static void
take_word(struct prompt *prompt, size_t step)
{
	prompt->word_at = (prompt->word_at + step) % prompt->found.count;
	edit_replace(
		&prompt->edit, prompt->found.from, prompt->found.word[prompt->word_at]);
}

/* The first Tab completes as far as all words agree; more go through the words. */
static bool
complete_key(struct prompt *prompt, const struct chord *chord)
{
	bool back = chord->kind == CHORD_KEY && chord->key == CHORD_TAB &&
		    chord->mods == CHORD_SHIFT;

	if (!prompt->complete || !(back || chord_is(chord, CHORD_TAB)))
		return false;
	if (prompt->found.count > 1) {
		if (prompt->word_at == prompt->found.count)
			prompt->word_at = back ? 0 : prompt->found.count - 1;
		take_word(prompt, back ? prompt->found.count - 1 : 1);
		return true;
	}
	forget_words(prompt);
	edit_complete(&prompt->edit, prompt->complete, prompt->complete_arg,
		prompt->words_life, &prompt->found);
	prompt->word_at = prompt->found.count;
	return true;
}

static bool
end_key(struct prompt *prompt, const struct chord *chord)
{
	if (chord_is(chord, CHORD_ENTER)) {
		prompt->state = PROMPT_ACCEPTED;
		if (prompt->history)
			history_add(prompt->history, prompt->edit.text);
	} else if (chord_is(chord, CHORD_ESC) || chord_is_ctrl(chord, 'c') ||
		   (chord_is(chord, CHORD_BACKSPACE) && prompt->edit.len == 0)) {
		prompt->state = PROMPT_CANCELLED;
	} else {
		return false;
	}
	return true;
}

bool
prompt_key(struct prompt *prompt, const struct chord *chord)
{
	if (end_key(prompt, chord) || complete_key(prompt, chord))
		return true;
	if (!history_key(prompt, chord) && !edit_key(&prompt->edit, chord))
		return false;
	forget_words(prompt);
	return true;
}

static void
draw_words(const struct prompt *prompt, struct canvas *canvas, struct area row)
{
	void *life = mem_life(NULL);

	canvas_fill(canvas, row, GLYPH_BLANK, ROLE_TEXT);
	for (size_t i = 0; i < prompt->found.count && row.cols > 0; i++) {
		canvas_add(canvas, &row, text_safe_z(life, prompt->found.word[i]),
			i == prompt->word_at ? ROLE_SELECTION : ROLE_HINT_TEXT);
		canvas_add(canvas, &row, SAFE("  "), ROLE_TEXT);
	}
	mem_free(life);
}

void
prompt_draw(const struct prompt *prompt, struct canvas *canvas, struct area area)
{
	struct area line = area_cut_bottom(&area, 1);

	canvas_fill(canvas, line, GLYPH_BLANK, ROLE_TEXT);
	canvas_add(canvas, &line, prompt->label, ROLE_PROMPT);
	edit_draw(&prompt->edit, canvas, line, ROLE_TEXT, false, true);
	if (prompt->found.count > 1 && area.rows > 0)
		draw_words(prompt, canvas, area_cut_bottom(&area, 1));
}
