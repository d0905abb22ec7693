/* bare_list: the least a curses list can be, to hold the console's figures against.
 *   bare_list ROWS        j and k move, q ends */
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1000, at = 0, top = 0, key = 0;

	setlocale(LC_ALL, "");
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	while (key != 'q') {
		if (key == 'j' && at + 1 < count)
			at++;
		if (key == 'k' && at > 0)
			at--;
		top = at < top ? at : at >= top + LINES ? at - LINES + 1 : top;
		erase();
		for (int row = 0; row < LINES && top + row < count; row++) {
			if (top + row == at)
				attron(A_REVERSE);
			mvprintw(row, 0,
				"G030PM%010d  %3d%%  enabled   acme-hq/room-%05d  ",
				top + row, (top + row) % 100, top + row);
			attroff(A_REVERSE);
		}
		move(at - top, 0);
		refresh();
		key = getch();
	}
	endwin();
	return 0;
}
