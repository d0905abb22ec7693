/* Descriptors 0 to 2 as a program finds them when it starts. Whoever starts us may have
 * closed some of them (cron wrappers, `<&-`); the next file or socket opened would take
 * their number, and what is printed would go into it. */
#ifndef ONECLICK_BASE_DESCRIPTORS_H
#define ONECLICK_BASE_DESCRIPTORS_H

/* Puts /dev/null in the place of each that is closed, the wrong way round: to read the
 * input or to write the outputs then fails, as it would have failed without. The first
 * thing main does; ends the program with a status of 71 if there is no /dev/null. */
void descriptors_fill(void);

#endif
