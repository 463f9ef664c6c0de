#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ebpf/object.h"

/** For tests: what programs do with packets that nobody sent, and how large they are. */
namespace nodeplane::ebpf {

/** A frame at a device. */
struct Trial {
  std::vector<uint8_t> frame;
  /** Index of the device. */
  uint32_t device = 0;
  /** Index of the device that it came in by; 0 if a process of the node sends it. */
  uint32_t came_by = 0;
};

struct TrialResult {
  /** TC_ACT_*. A redirection is told, and not made. */
  uint32_t verdict = 0;
  std::vector<uint8_t> frame;
};

struct ProgramFacts {
  std::string name;
  uint32_t instructions = 0;
  /** How many the verifier looked at; 0 if the kernel (before 5.16) does not tell. */
  uint32_t verified = 0;
};

/** Throws KernelError. */
TrialResult runTrial(int program, const Trial& trial);
std::vector<ProgramFacts> programFacts(const Object& object);

}  // namespace nodeplane::ebpf
