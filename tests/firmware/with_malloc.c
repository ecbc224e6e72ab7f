/*
 * A program that takes memory from the heap, which a board does not have.
 */
#include "board.h"

#include <stdlib.h>

int main(void) {
  return malloc(board_stack_size()) != NULL;
}
