package dev.roomful.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The links to all servers of a topology. If one is lost, all are. */
final class Links {
  private final Topology topology;
  private final List<Link> links = new ArrayList<>();
  private final CompletableFuture<Throwable> loss = new CompletableFuture<>();

  /** Opens the links; blocks. */
  Links(Topology topology, Duration timeout, PubSubMessages messages) {
    this.topology = topology;
    try {
      for (Server server : topology.servers()) {
        links.add(Link.open(server, timeout, messages.listener(this), loss::complete));
      }
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  boolean isCluster() {
    return topology.isCluster();
  }

  List<Link> all() {
    return links;
  }

  /** {@return the link to the server that stores a key} */
  Link of(String key) {
    return links.get(topology.indexOf(key));
  }

  /** {@return one of several keys that a link's server stores} */
  String keyOf(Link link, Supplier<String> keys) {
    String key = keys.get();
    while (of(key) != link) {
      key = keys.get();
    }
    return key;
  }

  boolean isLost() {
    return loss.isDone();
  }

  /** {@return why a link was lost} */
  Throwable cause() {
    return loss.join();
  }

  /** Waits until a link is lost, or for some time. */
  void awaitLoss(Duration time) throws InterruptedException {
    try {
      loss.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException notLost) {
      // The caller looks whether it is.
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** {@return completes when all connections are closed} */
  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        links.stream().map(Link::close).toArray(CompletableFuture<?>[]::new));
  }
}
