#pragma once

#include <vector>

namespace nodeplane::ebpf {

/** Something that the programs or the addon use of a kernel. */
struct Feature {
  const char* name;
  /** 0 if it is there, or the errno that says why not. */
  int error;
};

/**
 * Tries each of them in the network namespace of the calling thread. Nothing of what it makes is left when it
 * returns; what it attaches lets everything pass.
 */
std::vector<Feature> probeFeatures();

}  // namespace nodeplane::ebpf
