#pragma once

#include "mprofpp/model/record.hpp"

namespace mprofpp::model {

/// Takes the records of a recording in the order of the file, one at a time: every analysis, chart
/// and export is one. What a sink does not override it does not care about.
class Sink {
 public:
  virtual ~Sink() = default;

  virtual void take(const Sample&) {}
  virtual void take(const ChildSample&) {}
  virtual void take(const CommandLine&) {}
  virtual void take(const Meta&) {}
  virtual void take(const Process&) {}
  virtual void take(const Call&) {}
  virtual void take(const OpenCall&) {}
  virtual void take(const CallGroup&) {}
  virtual void take(const PointMark&) {}
  virtual void take(const Exit&) {}
  virtual void take(const KernelPeak&) {}
  virtual void take(const Lost&) {}
  virtual void take(const Suspended&) {}
  virtual void take(const End&) {}
  virtual void take(const Damage&) {}
};

}  // namespace mprofpp::model
