#include "ebpf/follower.h"

#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "ebpf/sync_keys.h"
#include "ebpf/types.h"
#include "host/addresses.h"
#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

constexpr int kForever = -1;
constexpr int kRetryMs = 50;
/** A list that changes while it is read is nothing to tell of; what fails for a second is. */
constexpr int kManyFailures = 20;
/** The same at the start, where somebody waits. */
constexpr int kFirstAttempts = 5;

FileDescriptor makeEvent() {
  FileDescriptor event(::eventfd(0, EFD_CLOEXEC));
  if (!event) throw KernelError("ebpf: cannot make an eventfd", errno);
  return event;
}

std::string linkName(const Device& device, Direction direction) {
  return std::to_string(device.index) + (direction == Direction::Arriving ? "-arriving" : "-leaving");
}

}  // namespace

Follower::Follower(uint8_t family, const Maps& maps, Links& links, DevicePrograms& programs,
                   std::optional<PodInterface> pods)
    : family_(family),
      maps_(maps),
      links_(links),
      programs_(programs),
      stop_(makeEvent()),
      pods_(std::move(pods)) {
  for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR}) socket_.joinGroup(group);
  for (int attempt = 1;; ++attempt) {
    try {
      refreshAddresses();
      refreshDevices();
      break;
    } catch (const KernelError& error) {
      if (error.number() != EINTR || attempt == kFirstAttempts) throw;
    }
  }
  thread_ = std::thread([this] { run(); });
}

Follower::~Follower() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Follower::setPods(std::optional<PodInterface> pods) {
  const std::lock_guard lock(mutex_);
  pods_ = std::move(pods);
  tellInterfaces(readDevices());
}

void Follower::run() {
  pthread_setname_np(pthread_self(), "nodeplane-dev");
  sigset_t all;  // signals are for the threads of Node
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  int pause = kForever;
  for (;;) {
    std::array<pollfd, 2> waiting{{{stop_.get(), POLLIN, 0}, {socket_.descriptor(), POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), pause) < 0 && errno != EINTR) return;
    if (waiting[0].revents != 0) return;
    drain();
    pause = refresh() ? kForever : kRetryMs;
  }
}

/** Notifications only say that something changed: what it is, the lists tell. */
void Follower::drain() {
  for (;;) {
    try {
      while (socket_.receive()) {
      }
      return;
    } catch (const KernelError&) {
      // Some were lost. The lists are read in any case; go on until the socket is empty.
    }
  }
}

/** False if it has to be tried again: the lists changed while they were read, or the kernel is short of memory. */
bool Follower::refresh() {
  const std::lock_guard lock(mutex_);
  try {
    refreshAddresses();
    refreshDevices();
    failures_ = 0;
    failure_.reset();
    return true;
  } catch (const KernelError& error) {
    if (++failures_ >= kManyFailures) failure_.emplace(error);
    return false;
  }
}

void Follower::throwFailure() const {
  const std::lock_guard lock(mutex_);
  if (failure_) throw *failure_;
}

void Follower::refreshDevices() {
  const std::vector<Device> devices = readDevices();
  tellInterfaces(devices);
  std::set<int> present;
  for (const Device& device : devices) {
    present.insert(device.index);
    if (!attached_.contains(device.index)) attach(device);
  }
  std::erase_if(attached_, [&](const auto& entry) {
    if (present.contains(entry.first)) return false;
    for (const std::string& name : entry.second) links_.detach(name);
    return true;
  });
}

/** What arrives through the loopback has left through it before, where it was dealt with. */
void Follower::attach(const Device& device) {
  std::set<std::string> names;
  for (const Direction direction : {Direction::Leaving, Direction::Arriving}) {
    if (device.is_loopback && direction == Direction::Arriving) continue;
    const std::string name = linkName(device, direction);
    const int program = programs_.program(direction, device.has_ethernet);
    if (links_.attachToDevice(name, device.index, direction, program)) names.insert(name);
  }
  if (!names.empty()) attached_.emplace(device.index, std::move(names));
}

void Follower::tellInterfaces(const std::vector<Device>& devices) {
  std::map<KeyBytes, uint32_t> wanted;
  for (const Device& device : devices) {
    if (!pods_ || !pods_->matches(device.name)) continue;
    const auto index = static_cast<uint32_t>(device.index);
    wanted.emplace(keyOf(index), NP_POD_INTERFACE);
  }
  syncKeys(maps_.at("interfaces"), wanted);
}

void Follower::refreshAddresses() {
  const auto snapshot = host::readAddresses();
  if (!snapshot) throw KernelError("ebpf: cannot read the addresses", EINTR);
  std::map<KeyBytes, uint32_t> wanted;
  for (const host::Address& address : snapshot->addresses) {
    if (address.family != family_) continue;
    KeyBytes key(addressWords(family_) * sizeof(uint32_t));
    std::memcpy(key.data(), address.bytes.data(), key.size());
    wanted.emplace(std::move(key), 0);
  }
  syncKeys(maps_.at("local_addresses"), wanted);
}

}  // namespace nodeplane::ebpf
