#include "mprofpp/inject/target_folder.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "mprofpp/base/file.hpp"
#include "mprofpp/proc/files.hpp"

namespace mprofpp::inject {
namespace {

Result<Fd> open_temporary_files(pid_t pid) {
  const auto root_path = proc::path_of(pid, "root");
  const Fd root(::open(root_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return fail_errno(errno, "", "has a root folder that cannot be opened");
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  Fd folder(static_cast<int>(::syscall(SYS_openat2, root.get(), "tmp", &how, sizeof how)));
  if (!folder) return fail_errno(errno, "", "has a /tmp that cannot be opened");
  return folder;
}

Result<std::string> random_name() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz012345";
  std::array<unsigned char, 20> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail_errno(errno, "", "no random numbers");
  }
  std::string name = "mprofpp-door-";
  for (const auto byte : bytes) name += letters[byte % letters.size()];
  return name;
}

}  // namespace

Result<TargetFolder> TargetFolder::make(pid_t pid) {
  auto parent = open_temporary_files(pid);
  if (!parent) return Failure(parent.error());
  auto name = random_name();
  if (!name) return Failure(name.error());
  constexpr mode_t private_mode = 0700;
  if (::mkdirat(parent->get(), name->c_str(), private_mode) != 0) {
    return fail_errno(errno, "", "has a /tmp in which nothing can be made");
  }
  TargetFolder folder(std::move(*parent), std::move(*name));
  if (auto done = folder.open(); !done) return Failure(done.error());
  return folder;
}

/// Opens the folder that was made, and checks that it is still that one.
Result<void> TargetFolder::open() {
  constexpr mode_t readable_by_name = 0711;
  fd_ = Fd(::openat(parent_.get(), name_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!fd_ || ::fstat(fd_.get(), &status) != 0)
    return fail_errno(errno, "", "cannot open a folder");
  if (status.st_uid != ::geteuid())
    return fail(Errc::malformed, "", "has replaced a folder of ours");
  if (::fchmod(fd_.get(), readable_by_name) != 0)
    return fail_errno(errno, "", "cannot open a folder");
  return {};
}

Result<void> TargetFolder::add(const std::string& name, std::string_view bytes) {
  constexpr mode_t readable = 0444;
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd file(::openat(fd_.get(), name.c_str(), flags, readable));
  if (!file) return fail_errno(errno, "", "cannot make a file");
  files_.push_back(name);
  if (::fchmod(file.get(), readable) != 0) return fail_errno(errno, "", "cannot make a file");
  return write_all(file.get(), bytes);
}

TargetFolder::~TargetFolder() {
  for (const auto& file : files_) ::unlinkat(fd_.get(), file.c_str(), 0);
  if (parent_) ::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR);
}

}  // namespace mprofpp::inject
