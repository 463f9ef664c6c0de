#include "ebpf/trial.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "netlink/kernel_error.h"

namespace nodeplane::ebpf {
namespace {

/** What an ICMP error puts in front of a packet, and more. */
constexpr size_t kRoom = 256;

constexpr size_t kInstructionBytes = 8;

}  // namespace

TrialResult runTrial(int program, const Trial& trial) {
  TrialResult result;
  result.frame.resize(trial.frame.size() + kRoom);
  __sk_buff context{};
  context.ifindex = trial.device;
  context.ingress_ifindex = trial.came_by;
  LIBBPF_OPTS(bpf_test_run_opts, options);
  options.data_in = trial.frame.data();
  options.data_size_in = static_cast<uint32_t>(trial.frame.size());
  options.data_out = result.frame.data();
  options.data_size_out = static_cast<uint32_t>(result.frame.size());
  options.ctx_in = &context;
  options.ctx_size_in = sizeof context;
  options.repeat = 1;
  if (bpf_prog_test_run_opts(program, &options) != 0)
    throw KernelError("ebpf: cannot run a program on a frame", errno);
  result.verdict = options.retval;
  result.frame.resize(options.data_size_out);
  return result;
}

std::vector<ProgramFacts> programFacts(const Object& object) {
  std::vector<ProgramFacts> facts;
  object.forEachProgram([&](const std::string& name, int descriptor) {
    bpf_prog_info info{};
    uint32_t bytes = sizeof info;
    if (bpf_obj_get_info_by_fd(descriptor, &info, &bytes) != 0)
      throw KernelError("ebpf: cannot look at program " + name, errno);
    const auto instructions = static_cast<uint32_t>(info.xlated_prog_len / kInstructionBytes);
    facts.push_back({.name = name, .instructions = instructions, .verified = info.verified_insns});
  });
  return facts;
}

}  // namespace nodeplane::ebpf
