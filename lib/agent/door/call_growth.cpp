#include "door/call_growth.hpp"

#include "core/freestanding.hpp"
#include "door/python_lock.hpp"
#include "door/waiting.hpp"
#include "objects/growth_in_call.hpp"

namespace mprofpp::agent::door {
namespace {

objects::Options options_of(const Job& job) {
  return objects::Options({job.options, job.sizes.options_size});
}

void wait_until_done(Client& client, objects::GrowthInCall& growth) {
  constexpr std::uint64_t usual = 60'000, ns_of_ms = 1'000'000;
  constexpr long nap = 20;  // milliseconds
  const auto wait = options_of(client.job).number_after(wire::door::wait_option, usual);
  const auto end = monotonic_now() + wait * ns_of_ms;
  const GiveUpLock give_up_lock;
  while (growth.done().load() == 0 && monotonic_now() < end) {
    if (client.is_gone.load() || client.is_stopped.load()) return;
    wait_while(growth.done(), 0, nap);
  }
}

}  // namespace

bool is_about_call(const Job& job) {
  return options_of(job).after(wire::door::around_option).length > 0;
}

void answer_about_call(Client& client, python::Object* handlers, objects::Reply& reply) {
  const auto& job = client.job;
  objects::GrowthInCall growth(options_of(job), {job.body, job.sizes.body_size}, handlers);
  if (!growth.begin(reply)) return;
  wait_until_done(client, growth);
  growth.finish(reply);
  client.job.done.held_ns = growth.held();
}

}  // namespace mprofpp::agent::door
