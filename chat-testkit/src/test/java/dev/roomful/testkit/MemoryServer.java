package dev.roomful.testkit;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * A transport over memory: each client has a server thread of its own, where handlers may block.
 */
final class MemoryServer implements RunningTransport {
  private final Gateway gateway;
  private final String path;
  private final Set<MemoryLink> links = ConcurrentHashMap.newKeySet();

  MemoryServer(Gateway gateway, String path) {
    this.gateway = gateway;
    this.path = path;
  }

  @Override
  public Peer connect(String pathAndQuery, Map<String, String> headers) throws IOException {
    MemoryHandshake handshake = MemoryHandshake.of(path, pathAndQuery, headers);
    CompletableFuture<Admission> decision = new CompletableFuture<>();
    MemoryLink link = new MemoryLink();
    Thread thread = new Thread(() -> serve(handshake, decision, link), "memory-server");
    thread.setDaemon(true);
    thread.start();
    Admission admission;
    try {
      admission = decision.get();
    } catch (ExecutionException failed) {
      throw new IOException("the server failed", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while connecting", interrupted);
    }
    if (admission instanceof Rejection rejection) {
      throw new WireClient.Rejected(rejection.status(), rejection.reason());
    }
    return new MemoryPeer(link);
  }

  private void serve(
      MemoryHandshake handshake, CompletableFuture<Admission> decision, MemoryLink link) {
    try {
      Admission admission = gateway.admit(handshake);
      decision.complete(admission);
      if (admission instanceof AcceptedAdmission entry) {
        links.add(link);
        Receiver receiver = gateway.open(entry, link);
        MemoryLink.Incoming next;
        do {
          next = link.take();
          next.arrival().accept(receiver);
        } while (!next.isLast());
        links.remove(link);
      }
    } catch (RuntimeException failure) {
      decision.completeExceptionally(failure);
      throw failure;
    }
  }

  @Override
  public void close() {
    links.forEach(MemoryLink::abort);
  }
}
