#include "ebpf/table.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "ebpf/embedded.h"
#include "ebpf/flows.h"
#include "ebpf/read.h"
#include "ebpf/types.h"
#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

struct SocketProgram {
  const char* name;
  int attach_type;
};

constexpr SocketProgram kConnect4{"connect4", BPF_CGROUP_INET4_CONNECT};
constexpr SocketProgram kSend4{"sendmsg4", BPF_CGROUP_UDP4_SENDMSG};
constexpr SocketProgram kReceive4{"recvmsg4", BPF_CGROUP_UDP4_RECVMSG};
constexpr SocketProgram kPeerName4{"getpeername4", BPF_CGROUP_INET4_GETPEERNAME};
constexpr SocketProgram kConnect6{"connect6", BPF_CGROUP_INET6_CONNECT};
constexpr SocketProgram kSend6{"sendmsg6", BPF_CGROUP_UDP6_SENDMSG};
constexpr SocketProgram kReceive6{"recvmsg6", BPF_CGROUP_UDP6_RECVMSG};
constexpr SocketProgram kPeerName6{"getpeername6", BPF_CGROUP_INET6_GETPEERNAME};

/** Of IPv4 too: sockets of IPv6 may have peers with IPv4 addresses, ::ffff:a.b.c.d. */
const std::vector<SocketProgram>& socketPrograms(uint8_t family) {
  static const std::vector<SocketProgram> ipv4{kConnect4,  kSend4,    kReceive4, kPeerName4,
                                               kConnect6, kReceive6, kPeerName6};
  static const std::vector<SocketProgram> ipv6{kConnect6, kSend6, kReceive6, kPeerName6};
  return family == AF_INET ? ipv4 : ipv6;
}

std::optional<Pins> pinsOf(const std::optional<std::string>& folder) {
  if (!folder) return std::nullopt;
  return Pins(*folder);
}

/** Whether pinned maps are those of this version. */
bool hasLayout(const Map& settings) {
  const uint32_t only = 0;
  std::vector<uint8_t> value(settings.valueBytes());
  if (!settings.lookUp(&only, value.data())) return false;
  uint32_t layout = 0;
  std::memcpy(&layout, value.data(), sizeof layout);
  return layout == NP_LAYOUT;
}

Object openDeviceObject(const TableOptions& options) {
  Object object("nodeplane", deviceObject(options.family));
  if (options.connections) object.resize("flows", *options.connections);
  return object;
}

}  // namespace

Table::Table(TableOptions options) : options_(std::move(options)), pins_(pinsOf(options_.pins)) {
  if (!isBuilt())
    throw KernelError("ebpf: not built", ENOSYS, "clang and bpftool were missing when the addon was built");
}

Table::~Table() = default;

bool Table::exists() const {
  {
    const std::lock_guard lock(mutex_);
    if (running_) return true;
  }
  Maps maps;
  return adoptMaps(maps, openDeviceObject(options_));
}

bool Table::prepare(std::span<const uint32_t> words, std::optional<PodInterface> pods) {
  const Settings settings = readSettings(words, options_.family, pods.has_value());
  if (!running_) return start(settings, std::move(pods));
  applySettings(running_->maps, settings);
  running_->follower->setPods(std::move(pods));
  return false;
}

void Table::load() {
  if (!running_ && !loaded_) loaded_ = open();
}

/** Nothing of it is in force or pinned yet, but all has been verified. */
std::unique_ptr<Table::Running> Table::open() const {
  auto next = std::make_unique<Running>(pins_, options_.has_links);
  next->devices = std::make_unique<Object>(openDeviceObject(options_));
  Object& object = *next->devices;
  next->are_maps_adopted = adoptMaps(next->maps, object);
  DevicePrograms::selectEthernet(object);
  object.useMaps(next->maps);
  object.load();
  if (!next->are_maps_adopted) {
    object.forEachMap([&](const std::string& name) { next->maps.try_emplace(name, name, object.map(name)); });
    next->committer.startEmpty();
  }
  if (options_.cgroup) {
    next->sockets = std::make_unique<Object>("nodeplane", socketObject(options_.family));
    next->sockets->useMaps(next->maps);
    next->sockets->load();
  }
  return next;
}

/** Nothing is in force before all is ready; what an earlier process left in force stays so until then. */
bool Table::start(const Settings& settings, std::optional<PodInterface> pods) {
  load();
  std::unique_ptr<Running> next = std::move(loaded_);
  const bool is_adopted = next->are_maps_adopted;
  if (pins_) pins_->make();
  if (pins_ && !is_adopted) {
    pins_->removeAll();
    pins_->make();
    for (const auto& [name, map] : next->maps) pins_->pinMap(map);
  }
  applySettings(next->maps, settings);
  next->device_programs = std::make_unique<DevicePrograms>(options_.family, *next->devices, next->maps);
  next->follower = std::make_unique<Follower>(options_.family, next->maps, next->links,
                                              *next->device_programs, std::move(pods));
  if (options_.cgroup) attachSockets(*next);
  next->links.detachOthers();
  const std::lock_guard lock(mutex_);
  running_ = std::move(next);
  return !is_adopted;
}

/** All of the maps or none. */
bool Table::adoptMaps(Maps& maps, const Object& object) const {
  if (!pins_) return false;
  bool is_whole = true;
  object.forEachMap([&](const std::string& name) {
    auto map = pins_->openMap(name);
    if (map && object.wouldMake(*map))
      maps.emplace(name, std::move(*map));
    else
      is_whole = false;
  });
  if (is_whole && hasLayout(maps.at("settings"))) return true;
  maps.clear();
  return false;
}

void Table::attachSockets(Running& next) const {
  const FileDescriptor cgroup(::open(options_.cgroup->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!cgroup) throw KernelError("ebpf: cannot open cgroup " + *options_.cgroup, errno);
  for (const SocketProgram& it : socketPrograms(options_.family))
    next.links.attachToCgroup(it.name, cgroup.get(), it.attach_type, next.sockets->program(it.name));
}

void Table::commit(std::span<const uint32_t> rows) {
  std::vector<Change> changes = readRows(rows, options_.family);
  const std::lock_guard lock(mutex_);
  running().follower->throwFailure();
  running().committer.commit(std::move(changes));
}

std::vector<uint32_t> Table::read() const {
  const std::lock_guard lock(mutex_);
  return readAllRows(running().maps, options_.family);
}

bool Table::drop() {
  const std::lock_guard lock(mutex_);
  loaded_.reset();
  bool was_there = running_ != nullptr;
  if (running_) {
    running_->follower.reset();
    running_->links.detachAll();
    running_.reset();
  }
  if (pins_) was_there = pins_->removeAll() || was_there;
  return was_there;
}

void Table::close() {
  const std::lock_guard lock(mutex_);
  loaded_.reset();
  if (!running_) return;
  running_->follower.reset();
  if (!pins_) running_->links.detachAll();
  running_.reset();
}

conntrack::CleanupResult Table::deleteStale(const conntrack::Rules& rules,
                                            const std::function<bool()>& abandoned) {
  return deleteStaleFlows(running().maps.at("flows"), options_.family, rules, abandoned);
}

void Table::track(std::span<const uint32_t> flow) {
  const std::lock_guard lock(mutex_);
  trackFlow(running().maps.at("flows"), options_.family, flow);
}

bool Table::isTracked(std::span<const uint32_t> flow) const {
  const std::lock_guard lock(mutex_);
  return hasFlow(running().maps.at("flows"), options_.family, flow);
}

std::vector<ProgramFacts> Table::programs() const {
  const std::lock_guard lock(mutex_);
  std::vector<const Object*> objects = running().device_programs->objects();
  if (running().sockets) objects.push_back(running().sockets.get());
  std::vector<ProgramFacts> facts;
  for (const Object* object : objects) {
    for (ProgramFacts& fact : programFacts(*object)) facts.push_back(std::move(fact));
  }
  return facts;
}

TrialResult Table::run(const std::string& program, const Trial& trial) {
  return runTrial(running().devices->program(program), trial);
}

Table::Running& Table::running() const {
  if (!running_) throw KernelError("ebpf: the table is not there", ENOENT);
  return *running_;
}

}  // namespace nodeplane::ebpf
