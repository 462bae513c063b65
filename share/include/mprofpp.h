/* mprofpp.h: marks for programs in C (C99) and C++ (C++11) that mprofpp records.
 *
 *   void load(const char* path) {
 *     MPROFPP_FUNCTION();                 // this call, to the end of the block, under its own name
 *     {
 *       MPROFPP_SCOPE("parse, all of it");  // from here to the end of the block
 *       ...
 *     }
 *     MPROFPP_MARK("loaded");             // a point in time
 *   }
 *
 * A span need not be a block: MPROFPP_BEGIN("request") and MPROFPP_END("request") in the same thread,
 * and mprofpp_begin(name), mprofpp_end(name), mprofpp_mark(text) take names made at run time.
 *
 * There is nothing to link. Under `mprofpp run` the calls stand in the recording with their memory;
 * without it, or with MPROFPP_DISABLE defined, they cost a nanosecond or nothing. Names are UTF-8, of
 * any bytes, and are cut off after 1000. Needs gcc or clang. Programs that are linked statically cannot
 * be reached; their marks do nothing.
 *
 * This file may be used by anyone for any purpose: it is under the licence of mprofpp (MIT) and, if you
 * prefer, in the public domain (CC0).
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

/* A place in the source. All but the name is mprofpp's. */
struct mprofpp_place {
  const char* name;
  unsigned long long id;
  unsigned int generation;
  unsigned int flags;
};

/* Defined by the library that `mprofpp run` loads into the program, else nowhere. Their addresses are to
 * come from a table that is filled when the program starts: one that stands in the code itself would be
 * zero for good in a program linked with -no-pie. */
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

static inline void mprofpp_begin(const char* name) {
  void (*enter)(const char*);
  MPROFPP_LOOK_UP(enter, mprofpp_agent_enter);
  if (enter) enter(name);
}

static inline void mprofpp_end(const char* name) {
  void (*leave)(const char*);
  MPROFPP_LOOK_UP(leave, mprofpp_agent_leave);
  if (leave) leave(name);
}

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

/* From here to the end of the block. `name` is a literal. */
#define MPROFPP_SCOPE(name) MPROFPP_PLACE_(MPROFPP_JOIN(mprofpp_scope_, __LINE__), name, 0)

/* The same under the name of the function: in C `load`, in C++ `app::Loader::load`. */
#ifdef __cplusplus
#define MPROFPP_SIGNATURE 32
#define MPROFPP_FUNCTION() \
  MPROFPP_PLACE_(MPROFPP_JOIN(mprofpp_scope_, __LINE__), __PRETTY_FUNCTION__, MPROFPP_SIGNATURE)
#else
#define MPROFPP_FUNCTION() MPROFPP_SCOPE(__func__)
#endif

#define MPROFPP_BEGIN(name) mprofpp_begin(name)
#define MPROFPP_END(name) mprofpp_end(name)
#define MPROFPP_MARK(text) mprofpp_mark(text)

#endif
#endif
