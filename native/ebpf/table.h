#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conntrack/cleanup.h"
#include "ebpf/commit.h"
#include "ebpf/follower.h"
#include "ebpf/links.h"
#include "ebpf/object.h"
#include "ebpf/pins.h"
#include "ebpf/settings.h"
#include "ebpf/trial.h"

namespace nodeplane::ebpf {

struct TableOptions {
  /** AF_INET or AF_INET6. */
  uint8_t family;
  /** Nothing: all goes with the table. */
  std::optional<std::string> pins;
  /** Nothing: processes of the node are translated at devices only. */
  std::optional<std::string> cgroup;
  /** How many connections are remembered; nothing is what bpf/steps/maps.h says. */
  std::optional<uint32_t> connections;
  /** False: as on a kernel that has no links for devices (before 6.6). */
  bool has_links = true;
};

/**
 * The maps and programs of one family. Throws KernelError; std::out_of_range for bad rows.
 *
 * load(), prepare(), drop() and close() are for a thread in the network namespace whose devices are to be followed; all others may be
 * called on any thread.
 */
class Table {
 public:
  explicit Table(TableOptions options);
  ~Table();

  bool exists() const;
  /** Makes or adopts the maps and has the programs verified, which takes long: prepare() then is quick. */
  void load();
  /** Returns whether the maps were made: then nothing is in them. */
  bool prepare(std::span<const uint32_t> settings, std::optional<PodInterface> pods);
  void commit(std::span<const uint32_t> rows);
  std::vector<uint32_t> read() const;
  bool drop();
  /** Lets go of everything; what is pinned stays in force. */
  void close();

  conntrack::CleanupResult deleteStale(const conntrack::Rules& rules, const std::function<bool()>& abandoned);
  /** Words: protocol, source port, destination port, endpoint port, source, destination, endpoint. */
  void track(std::span<const uint32_t> flow);
  bool isTracked(std::span<const uint32_t> flow) const;

  /** The programs that are loaded. */
  std::vector<ProgramFacts> programs() const;
  /** Lets a program of devices deal with a packet that nobody sent, in the network namespace of the calling thread. */
  TrialResult run(const std::string& program, const Trial& trial);

 private:
  /** Everything that is there while the programs are in force. What is declared first lasts longest. */
  struct Running {
    Maps maps;
    bool are_maps_adopted = false;
    Committer committer{maps};
    Links links;
    std::unique_ptr<Object> devices;
    std::unique_ptr<DevicePrograms> device_programs;
    std::unique_ptr<Object> sockets;
    std::unique_ptr<Follower> follower;

    Running(const std::optional<Pins>& pins, bool has_links) : links(pins, has_links) {}
  };

  std::unique_ptr<Running> open() const;
  bool start(const Settings& settings, std::optional<PodInterface> pods);
  bool adoptMaps(Maps& maps, const Object& object) const;
  void attachSockets(Running& running) const;
  Running& running() const;

  const TableOptions options_;
  const std::optional<Pins> pins_;
  mutable std::mutex mutex_;
  /** What load() made and prepare() has not put in force yet. */
  std::unique_ptr<Running> loaded_;
  std::unique_ptr<Running> running_;
};

}  // namespace nodeplane::ebpf
