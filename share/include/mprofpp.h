/* mprofpp.h: marks for C (C99) and C++ (C++11) programs that are recorded by mprofpp.
 *
 * Marks name what the program is doing. `mprofpp run` records when each marked span started and ended, and
 * how much memory the process had at those times.
 *
 *   #include "mprofpp.h"
 *
 *   void load(const char* path) {
 *     MPROFPP_FUNCTION();               // this call, under the name of the function
 *     {
 *       MPROFPP_SCOPE("parse tables");  // from here to the end of the block
 *       ...
 *     }
 *     MPROFPP_MARK("loaded");           // a point in time
 *   }
 *
 * The spans of MPROFPP_FUNCTION and MPROFPP_SCOPE end with the block in which they are written, also if it
 * is left by return, goto or a C++ exception. A span that is not a block has MPROFPP_BEGIN("request") at
 * its start and MPROFPP_END("request") at its end, both in the same thread. For names that are built at
 * run time there are the functions mprofpp_begin(name), mprofpp_end(name) and mprofpp_mark(text). A span
 * that is left by longjmp ends together with the span around it.
 *
 * Marks may be made in any thread and in signal handlers, and leave errno unchanged. Marks in a handler
 * that has interrupted another mark are ignored. Names are zero-terminated and should be UTF-8, but any
 * bytes are accepted; they are cut off after 1000 bytes.
 *
 * There is nothing to link. Without `mprofpp run` a span costs about a nanosecond; if MPROFPP_DISABLE is
 * defined before this file is included, it costs nothing. gcc or clang is required. In programs that are
 * linked statically marks do nothing, because mprofpp cannot load its library into them.
 *
 * You may use this file for any purpose: it is under the licence of mprofpp (MIT) or, if you prefer, in
 * the public domain (CC0).
 */
#ifndef MPROFPP_H
#define MPROFPP_H

#ifdef MPROFPP_DISABLE

#define MPROFPP_SCOPE(name)
#define MPROFPP_FUNCTION()
#define MPROFPP_BEGIN(name) ((void)0)
#define MPROFPP_END(name) ((void)0)
#define MPROFPP_MARK(text) ((void)0)
#define mprofpp_begin(name) ((void)(name))
#define mprofpp_end(name) ((void)(name))
#define mprofpp_mark(text) ((void)(text))

#else

#ifdef __cplusplus
extern "C" {
#endif

/* A named place in the source. All members except `name` are for mprofpp's own use. */
struct mprofpp_place {
  const char* name;
  unsigned long long id;
  unsigned int generation;
  unsigned int flags;
};

/* These functions are defined by the library that `mprofpp run` loads into the program; without it their
 * addresses are null. An address must be read from a table that is filled when the program starts: if it
 * were part of the code, it would be null for good in a program that is linked with -no-pie. */
#if defined(__clang__)
#define MPROFPP_FROM_AGENT __attribute__((weak, visibility("default")))
#else
#define MPROFPP_FROM_AGENT __attribute__((weak, noplt, visibility("default")))
#endif
#if defined(__clang__) && defined(__x86_64__) && !defined(__PIC__)
#define MPROFPP_LOOK_UP(pointer, function) \
  __asm__(".weak " #function "\n\tmovq " #function "@GOTPCREL(%%rip), %0" : "=r"(pointer))
#else
#define MPROFPP_LOOK_UP(pointer, function) ((pointer) = function)
#endif
void mprofpp_agent_enter_place(struct mprofpp_place* place) MPROFPP_FROM_AGENT;
void mprofpp_agent_leave_place(struct mprofpp_place* place) MPROFPP_FROM_AGENT;
void mprofpp_agent_enter(const char* name) MPROFPP_FROM_AGENT;
void mprofpp_agent_leave(const char* name) MPROFPP_FROM_AGENT;
void mprofpp_agent_mark(const char* text) MPROFPP_FROM_AGENT;

#ifdef __cplusplus
}
#endif

static inline struct mprofpp_place* mprofpp_enter_place(struct mprofpp_place* place) {
  void (*enter)(struct mprofpp_place*);
  MPROFPP_LOOK_UP(enter, mprofpp_agent_enter_place);
  if (enter) enter(place);
  return place;
}

static inline void mprofpp_leave_scope(struct mprofpp_place** place) {
  void (*leave)(struct mprofpp_place*);
  MPROFPP_LOOK_UP(leave, mprofpp_agent_leave_place);
  if (leave) leave(*place);
}

/* Starts a span. The name is copied and may be freed after the call. */
static inline void mprofpp_begin(const char* name) {
  void (*enter)(const char*);
  MPROFPP_LOOK_UP(enter, mprofpp_agent_enter);
  if (enter) enter(name);
}

/* Ends the innermost open span of that name in this thread, and with it all spans within it that are
 * still open. Does nothing if there is no such span. */
static inline void mprofpp_end(const char* name) {
  void (*leave)(const char*);
  MPROFPP_LOOK_UP(leave, mprofpp_agent_leave);
  if (leave) leave(name);
}

/* Marks a point in time. The text is copied. */
static inline void mprofpp_mark(const char* text) {
  void (*mark)(const char*);
  MPROFPP_LOOK_UP(mark, mprofpp_agent_mark);
  if (mark) mark(text);
}

#define MPROFPP_JOIN_(a, b) a##b
#define MPROFPP_JOIN(a, b) MPROFPP_JOIN_(a, b)
#define MPROFPP_PLACE_(variable, name, flags)                                            \
  static struct mprofpp_place MPROFPP_JOIN(variable, _place) = {name, 0, 0, flags};      \
  __attribute__((cleanup(mprofpp_leave_scope), unused)) struct mprofpp_place* variable = \
      mprofpp_enter_place(&MPROFPP_JOIN(variable, _place))

/* Marks the span from here to the end of the block. `name` must be a string literal. A line of source
 * can have one MPROFPP_SCOPE or MPROFPP_FUNCTION at most. */
#define MPROFPP_SCOPE(name) MPROFPP_PLACE_(MPROFPP_JOIN(mprofpp_scope_, __LINE__), name, 0)

/* Marks the same span under the name of the function: `load` in C, `app::Loader::load` in C++. */
#ifdef __cplusplus
#define MPROFPP_SIGNATURE 32 /* the name is a signature; mprofpp shows the function's name in it */
#define MPROFPP_FUNCTION() \
  MPROFPP_PLACE_(MPROFPP_JOIN(mprofpp_scope_, __LINE__), __PRETTY_FUNCTION__, MPROFPP_SIGNATURE)
#else
#define MPROFPP_FUNCTION() MPROFPP_SCOPE(__func__)
#endif

/* Start and end a span that is not a block, and mark a point in time; see the functions. */
#define MPROFPP_BEGIN(name) mprofpp_begin(name)
#define MPROFPP_END(name) mprofpp_end(name)
#define MPROFPP_MARK(text) mprofpp_mark(text)

#endif
#endif
