#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace nodeplane::binding {

/** Tasks from one thread to another, in order. */
class TaskQueue {
 public:
  using Task = std::function<void()>;

  void push(Task task);
  /** Waits for the next task. After close() it still gives the tasks that are left, and then nothing. */
  std::optional<Task> pop();
  void close();
  bool closed() const { return closed_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  std::atomic<bool> closed_ = false;
};

}  // namespace nodeplane::binding
