#pragma once

#include "mprofpp/model/record.hpp"
#include "mprofpp/model/settings.hpp"

namespace mprofpp::model {

/// Receives the records of a recording one at a time, in the order of the file. Every analysis,
/// chart and export is a sink, and so is the file that the recorder writes. A sink ignores the
/// records for which it does not override take().
class Sink {
 public:
  virtual ~Sink() = default;

  virtual void take(const Sample&) {}
  virtual void take(const ChildSample&) {}
  virtual void take(const Held&) {}
  virtual void take(const CommandLine&) {}
  virtual void take(const Settings&) {}
  virtual void take(const Process&) {}
  virtual void take(const Call&) {}
  virtual void take(const OpenCall&) {}
  virtual void take(const CallGroup&) {}
  virtual void take(const PointMark&) {}
  virtual void take(const Title&) {}
  virtual void take(const Exit&) {}
  virtual void take(const KernelPeak&) {}
  virtual void take(const Lost&) {}
  virtual void take(const Suspended&) {}
  virtual void take(const Limit&) {}
  virtual void take(const Line&) {}
  virtual void take(const ObjectCount&) {}
  virtual void take(const End&) {}
  virtual void take(const Damage&) {}
};

/// A sink that treats records of all kinds alike: `Derived` has a public
/// `template <class R> void each(const R&)`.
template <class Derived>
class UniformSink : public Sink {
 public:
  void take(const Sample& record) final { self().each(record); }
  void take(const ChildSample& record) final { self().each(record); }
  void take(const Held& record) final { self().each(record); }
  void take(const CommandLine& record) final { self().each(record); }
  void take(const Settings& record) final { self().each(record); }
  void take(const Process& record) final { self().each(record); }
  void take(const Call& record) final { self().each(record); }
  void take(const OpenCall& record) final { self().each(record); }
  void take(const CallGroup& record) final { self().each(record); }
  void take(const PointMark& record) final { self().each(record); }
  void take(const Title& record) final { self().each(record); }
  void take(const Exit& record) final { self().each(record); }
  void take(const KernelPeak& record) final { self().each(record); }
  void take(const Lost& record) final { self().each(record); }
  void take(const Suspended& record) final { self().each(record); }
  void take(const Limit& record) final { self().each(record); }
  void take(const Line& record) final { self().each(record); }
  void take(const ObjectCount& record) final { self().each(record); }
  void take(const End& record) final { self().each(record); }
  void take(const Damage& record) final { self().each(record); }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
};

}  // namespace mprofpp::model
