#include "binding/table_thread.h"

#include <exception>
#include <utility>

#include "binding/errors.h"
#include "netns/enter.h"
#include "nftables/table_requests.h"

namespace nodeplane::binding {
namespace {

/** Making the JavaScript value can fail too, for want of memory. */
void settle(Napi::Env env, Napi::Promise::Deferred promise, const TableThread::Result& result) {
  try {
    promise.Resolve(result(env));
  } catch (const Napi::Error& error) {
    promise.Reject(error.Value());
  }
}

}  // namespace

TableThread::TableThread(Napi::Env env, const TableOptions& options) {
  // The lambdas own what they use: the thread may outlive this object.
  thread_ = JsThread::start(env, {.name = "nodeplane-nft",
                                  .setup = [shared = shared_, options] { shared->open(options); },
                                  .loop = [shared = shared_](JsThread&) { shared->loop(); },
                                  .requestStop = [shared = shared_] { shared->tasks.close(); }});
}

void TableThread::run(Work work, Napi::Promise::Deferred promise, std::function<void()> settled) {
  shared_->tasks.push([shared = shared_.get(), thread = thread_.get(), work = std::move(work), promise,
                       settled = std::move(settled)] {
    thread->post([deliver = shared->attempt(work, promise), settled](Napi::Env env) {
      deliver(env);
      settled();
    });
  });
}

void TableThread::Shared::open(const TableOptions& options) {
  if (options.network_namespace) netns::enter(*options.network_namespace);
  foreground = std::make_unique<nftables::Transaction>(netlink::Socket(), options.table);
  nftables::requireAccess(foreground->socket());
  tools.reset(new Tools{.transaction = nftables::Transaction(netlink::Socket(), options.table),
                        .scripts = nftables::ScriptRunner(),
                        .closing = [this] { return tasks.closed(); }});
  ports = {foreground->port(), tools->transaction.port()};
  if (tools->scripts.port() != 0) ports.push_back(tools->scripts.port());
}

void TableThread::Shared::loop() {
  while (const auto task = tasks.pop()) (*task)();
  tools.reset();
}

/** Does the work; what it returns settles the promise on the JavaScript thread. */
JsThread::Delivery TableThread::Shared::attempt(const Work& work, Napi::Promise::Deferred promise) {
  try {
    if (tasks.closed()) throw ClosedError();
    return [promise, result = work(*tools)](Napi::Env env) { settle(env, promise, result); };
  } catch (...) {
    return [promise, error = std::current_exception()](Napi::Env env) {
      promise.Reject(toJsError(env, error).Value());
    };
  }
}

}  // namespace nodeplane::binding
