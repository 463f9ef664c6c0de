#pragma once

#include <string>

namespace nodeplane::netns {

/**
 * Moves the calling thread into a network namespace, for good. A thread and not the process is in a
 * namespace: call this only on a thread that was started for the purpose, never on the JavaScript thread.
 *
 * `name_or_path`: a name under /run/netns, or a path if it has a slash.
 */
void enter(const std::string& name_or_path);

/**
 * Moves the calling thread into a network namespace of its own: one without a name, which is gone when no thread, process or
 * socket is left in it. Threads and processes that it starts from then on are in it too.
 */
void enterNew();

}  // namespace nodeplane::netns
