#include "ebpf/features.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <net/if.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "netlink/file_descriptor.h"

namespace nodeplane::ebpf {
namespace {

/** Source: linux/bpf.h of Linux 6.6 */
constexpr int kTcxIngress = 46;
constexpr int kTcxNext = -1;

/** libbpf answers 1, 0 or -errno. */
int errorOf(int answer) {
  if (answer > 0) return 0;
  return answer == 0 ? EOPNOTSUPP : -answer;
}

int tryProgramType(bpf_prog_type type) {
  return errorOf(libbpf_probe_bpf_prog_type(type, nullptr));
}

int tryHelper(bpf_prog_type type, bpf_func_id helper) {
  return errorOf(libbpf_probe_bpf_helper(type, helper, nullptr));
}

int tryMaps() {
  constexpr std::array kTypes{BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_LRU_HASH,
                              BPF_MAP_TYPE_LPM_TRIE};
  for (const bpf_map_type type : kTypes) {
    if (const int error = errorOf(libbpf_probe_bpf_map_type(type, nullptr)); error != 0) return error;
  }
  return 0;
}

/** Linux 5.6 */
int tryBatches() {
  constexpr uint32_t kBytes = sizeof(uint32_t);
  const FileDescriptor map(bpf_map_create(BPF_MAP_TYPE_HASH, "np_probe", kBytes, kBytes, 2, nullptr));
  if (!map) return errno;
  const std::array<uint32_t, 2> keys{1, 2};
  uint32_t count = keys.size();
  return bpf_map_update_batch(map.get(), keys.data(), keys.data(), &count, nullptr) == 0 ? 0 : errno;
}

bpf_insn instruction(uint8_t code, uint8_t target, uint8_t source, int16_t offset, int32_t value) {
  return {.code = code, .dst_reg = target, .src_reg = source, .off = offset, .imm = value};
}

/** A link to a device (Linux 6.6): before, filters of traffic control are used. */
int tryDeviceLink() {
  const std::array pass{instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, kTcxNext),
                        instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)};
  const FileDescriptor program(
      bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "np_probe", "GPL", pass.data(), pass.size(), nullptr));
  if (!program) return errno;
  const int loopback = static_cast<int>(::if_nametoindex("lo"));
  const FileDescriptor link(
      bpf_link_create(program.get(), loopback, static_cast<bpf_attach_type>(kTcxIngress), nullptr));
  return link ? 0 : errno;
}

/** bpf_fib_lookup() of nothing, but with the flag BPF_FIB_LOOKUP_SRC; ends with what it returns. */
std::vector<bpf_insn> sourceLookup() {
  constexpr int kFlag = 1 << 4;
  constexpr int16_t kBytes = sizeof(bpf_fib_lookup);
  std::vector<bpf_insn> code;
  for (int16_t at = -kBytes; at < 0; at += 8)
    code.push_back(instruction(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, at, 0));
  code.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0));
  code.push_back(instruction(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -kBytes));
  code.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, kBytes));
  code.push_back(instruction(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_4, 0, 0, kFlag));
  code.push_back(instruction(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_fib_lookup));
  code.push_back(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
  return code;
}

/**
 * The address that a packet to some destination gets (Linux 6.7): a kernel that does not know the flag refuses it
 * before it sees that there is no family 0.
 */
int trySourceLookup() {
  const std::vector<bpf_insn> code = sourceLookup();
  const FileDescriptor program(
      bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "np_probe", "GPL", code.data(), code.size(), nullptr));
  if (!program) return errno;
  const std::array<uint8_t, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, run);
  run.data_in = frame.data();
  run.data_size_in = frame.size();
  if (bpf_prog_test_run_opts(program.get(), &run) != 0) return errno;
  return static_cast<int>(run.retval) == -EAFNOSUPPORT ? 0 : EINVAL;
}

}  // namespace

std::vector<Feature> probeFeatures() {
  libbpf_set_print(nullptr);
  return {
      {"maps", tryMaps()},
      {"batches", tryBatches()},
      {"device-programs", tryProgramType(BPF_PROG_TYPE_SCHED_CLS)},
      {"device-redirect", tryHelper(BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_redirect_neigh)},
      {"device-source", trySourceLookup()},
      {"device-links", tryDeviceLink()},
      {"socket-programs", tryProgramType(BPF_PROG_TYPE_CGROUP_SOCK_ADDR)},
      {"socket-refusal", tryHelper(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_FUNC_set_retval)},
  };
}

}  // namespace nodeplane::ebpf
