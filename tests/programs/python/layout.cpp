/// Prints every number and layout of lib/agent/python/layout.hpp as "name value", and the newest version that
/// the agent considers tested.

#include "python/layout.hpp"

#include <cstdio>

#include "mprofpp/wire/names.hpp"

using namespace mprofpp::agent::python;

namespace {

void say(const char* name, long value) {
  std::printf("%s %ld\n", name, value);
}

#define NUMBER(name) say(#name, static_cast<long>(name))
#define PLACE(type, member) say(#type "." #member, static_cast<long>(offsetof(type, member)))

void say_versions() {
  NUMBER(first_known);
  NUMBER(has_thread_in_hook);
  NUMBER(has_frame_get_code);
  NUMBER(has_qualified_name);
  NUMBER(has_adaptive_code);
  NUMBER(has_bare_frames);
  NUMBER(has_immortal_none);
  NUMBER(has_trace_switch_elsewhere);
  NUMBER(has_byte_as_trace_switch);
  NUMBER(has_monitoring);
  NUMBER(has_current_task);
  say("newest_tested", mprofpp::wire::newest_tested_python);
}

void say_code() {
  NUMBER(code_flag::optimized);
  NUMBER(code_flag::generator);
  NUMBER(code_flag::coroutine);
  NUMBER(code_flag::iterable_coroutine);
  NUMBER(code_flag::async_generator);
  NUMBER(opcode::return_value);
  NUMBER(opcode::yield_value);
  NUMBER(opcode::load_const);
  NUMBER(opcode::extended_arg);
  NUMBER(grammar::file_input);
  NUMBER(grammar::expression);
}

void say_functions() {
  PLACE(Method, name);
  PLACE(Method, function);
  PLACE(Method, flags);
  PLACE(Method, help);
  say("sizeof Method", sizeof(Method));
  NUMBER(takes::positional);
  NUMBER(takes::with_keywords);
  NUMBER(takes::nothing);
  NUMBER(takes::one);
  NUMBER(takes::as_array);
  PLACE(Property, name);
  PLACE(Property, get);
  PLACE(Property, set);
  PLACE(Property, help);
  PLACE(Property, data);
  PLACE(Member, name);
  PLACE(Member, type);
  PLACE(Member, offset);
  PLACE(Member, flags);
  PLACE(Member, help);
  NUMBER(member::of_size);
  NUMBER(member::read_only);
  PLACE(MethodDescriptor, method);
}

void say_types() {
  PLACE(Slot, number);
  PLACE(Slot, value);
  PLACE(TypeSpec, name);
  PLACE(TypeSpec, size);
  PLACE(TypeSpec, item_size);
  PLACE(TypeSpec, flags);
  PLACE(TypeSpec, slots);
  NUMBER(type_slot::call);
  NUMBER(type_slot::deallocate);
  NUMBER(type_slot::help);
  NUMBER(type_slot::methods);
  NUMBER(type_slot::members);
  NUMBER(type_slot::properties);
  NUMBER(type_slot::free);
  NUMBER(type_slot::finalize);
  NUMBER(type_flag::has_vectorcall);
  NUMBER(type_flag::by_default);
  PLACE(TypeHead, finalize);
  PLACE(TypeHead, old_finalize);
}

void say_objects() {
  PLACE(ObjectHead, type);
  PLACE(ObjectHead, items);
  PLACE(CollectorHead, next);
  PLACE(CollectorHead, previous);
  say("sizeof CollectorHead", sizeof(CollectorHead));
  PLACE(Generation, threshold);
  PLACE(Generation, count);
  say("sizeof Generation", sizeof(Generation));
  PLACE(TypeObject, name);
  PLACE(TypeObject, basic_size);
  PLACE(TypeObject, item_size);
  PLACE(TypeObject, flags);
  PLACE(TypeObject, traverse);
  PLACE(TypeObject, clear);
  PLACE(TypeObject, base);
  PLACE(TypeObject, dict);
  PLACE(TypeObject, get);
  PLACE(TypeObject, set);
  PLACE(TypeObject, is_collected);
  PLACE(PropertyDescriptor, property);
  NUMBER(takes::with_class);
  NUMBER(type_flag::has_inline_values);
  NUMBER(type_flag::has_managed_weak_references);
  NUMBER(type_flag::has_managed_dict);
  NUMBER(type_flag::is_made_at_run_time);
  NUMBER(type_flag::is_collected);
  NUMBER(type_flag::is_list);
  NUMBER(type_flag::is_dict);
  NUMBER(type_flag::is_tuple);
  NUMBER(type_flag::is_text);
  NUMBER(type_flag::is_type_of_types);
}

void say_containers() {
  PLACE(List, items);
  PLACE(List, room);
  PLACE(OldKeys, references);
  PLACE(OldKeys, places);
  PLACE(Keys, references);
  PLACE(Keys, places_log2);
  PLACE(Keys, index_bytes_log2);
  PLACE(Keys, kind);
  PLACE(Keys, usable);
  PLACE(Keys, entries);
  PLACE(Keys, indices);
  NUMBER(has_shared_keys);
  NUMBER(kind_of_shared_keys);
  PLACE(Dict, used);
  PLACE(Dict, keys);
  PLACE(Dict, values);
  PLACE(Set, used);
  PLACE(Set, mask);
  PLACE(Set, table);
  PLACE(Set, small_table);
}

void say_memory() {
  PLACE(Allocator, context);
  PLACE(Allocator, allocate);
  PLACE(Allocator, allocate_zeros);
  PLACE(Allocator, resize);
  PLACE(Allocator, free);
  NUMBER(raw_domain);
  PLACE(Frame38, code);
  PLACE(Frame311, globals);
  PLACE(Frame311, code);
  PLACE(Frame311, instruction);
  PLACE(Frame311, owner);
  PLACE(Frame311, stack_top);
  PLACE(Frame311, locals_and_stack);
  NUMBER(owned_by_generator);
  PLACE(FrameObject311, frame);
  PLACE(TracingWords, on);
  PLACE(TracingWords, profile);
  PLACE(TracingWords, trace);
  PLACE(TracingWords, profile_object);
  PLACE(TracingWords, trace_object);
  NUMBER(trace_line);
  NUMBER(greenlet_get_current);
}

}  // namespace

int main() {
  say_versions();
  say_code();
  say_functions();
  say_types();
  say_objects();
  say_containers();
  say_memory();
}
