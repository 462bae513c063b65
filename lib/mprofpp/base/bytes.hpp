#pragma once

#include <compare>
#include <cstdint>

namespace mprofpp {

/// An amount of memory in bytes. It has its own type so that KiB from the kernel, pages, and MiB
/// from a file cannot be mixed up.
class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::int64_t count) : count_(count) {}

  static constexpr Bytes from_kibibytes(std::int64_t n) { return Bytes(n * 1024); }
  static constexpr Bytes from_mebibytes(double n) {
    return Bytes(static_cast<std::int64_t>(n * (1 << 20) + (n < 0 ? -0.5 : 0.5)));
  }

  constexpr std::int64_t count() const { return count_; }
  constexpr double mebibytes() const { return static_cast<double>(count_) / (1 << 20); }

  constexpr Bytes& operator+=(Bytes other) {
    count_ += other.count_;
    return *this;
  }
  friend constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes(a.count_ + b.count_); }
  friend constexpr Bytes operator-(Bytes a, Bytes b) { return Bytes(a.count_ - b.count_); }
  friend constexpr auto operator<=>(const Bytes&, const Bytes&) = default;

 private:
  std::int64_t count_ = 0;
};

}  // namespace mprofpp
