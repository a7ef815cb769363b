package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Message;
import dev.roomful.admission.HistoryRange;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes restart one after the other while clients send. {@code -Droomful.clients=N} sets the
 * number of clients.
 */
class RollingRestartTest {
  private static final int NODES = 3;
  private static final int CLIENTS = Integer.getInteger("roomful.clients", 300);
  private static final int PUBLISHERS = 30;
  private static final int MESSAGES_PER_SECOND = 200;
  private static final int MESSAGES_BETWEEN_RESTARTS = 300;
  private static final List<String> ROOMS =
      IntStream.range(0, 10).mapToObj(i -> "room" + i).toList();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<RestartClient> clients = new ArrayList<>();

  /** In each room one of each node, which do not come back. */
  private final List<RestartClient> leavers = new ArrayList<>();

  private final AtomicBoolean publishing = new AtomicBoolean(true);
  private final AtomicInteger turn = new AtomicInteger();

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void nothingIsLostOrDuplicatedAndNobodyIsSeenLeavingWhoComesBack() throws Exception {
    try (RedisServer server = RedisServer.start(folder);
        RestartNodes nodes = new RestartNodes(server.uri(), NODES, ROOMS)) {
      join(nodes);
      nodes.repeat(1000 / MESSAGES_PER_SECOND, this::publish);
      for (int node = 0; node < NODES; node++) {
        awaitMessages();
        nodes.stop(node);
        nodes.start(node);
        Await.until(
            "all clients are connected",
            TIMEOUT,
            () -> clients.stream().allMatch(RestartClient::isConnected));
      }
      awaitMessages();
      Await.until("who did not come back has left", TIMEOUT, this::leaversHaveLeft);
      publishing.set(false);
      Await.until("all is acknowledged", TIMEOUT, this::allIsAcknowledged);
      check(nodes);
    }
  }

  private void join(RestartNodes nodes) {
    for (int i = 0; i < CLIENTS; i++) {
      String room = ROOMS.get(i % ROOMS.size());
      clients.add(new RestartClient("client" + i, room, nodes, true));
    }
    for (int node = 0; node < NODES; node++) {
      for (String room : ROOMS) {
        RestartClient leaver = new RestartClient("leaver" + node, room, nodes, false);
        leavers.add(leaver);
        leaver.connect(node);
      }
    }
    for (int i = 0; i < CLIENTS; i++) {
      clients.get(i).connect(i % NODES);
    }
    int members = (CLIENTS + leavers.size()) / ROOMS.size();
    int notices = ROOMS.size() * members * (members - 1) / 2;
    Await.until(
        "each knows who has joined after it",
        TIMEOUT,
        () ->
            Stream.of(clients, leavers)
                    .flatMap(List::stream)
                    .mapToInt(client -> client.joined().size())
                    .sum()
                == notices);
    clients.forEach(RestartClient::forgetJoined);
  }

  private void publish() {
    if (publishing.get()) {
      clients.get(turn.getAndIncrement() % PUBLISHERS).publish();
    }
  }

  private void awaitMessages() {
    int acknowledged = sum(RestartClient::acknowledged);
    Await.until(
        "messages are accepted",
        TIMEOUT,
        () -> sum(RestartClient::acknowledged) >= acknowledged + MESSAGES_BETWEEN_RESTARTS);
  }

  private boolean allIsAcknowledged() {
    return sum(RestartClient::acknowledged) == sum(RestartClient::sent);
  }

  private int sum(ToIntFunction<RestartClient> number) {
    return clients.stream().mapToInt(number).sum();
  }

  /** The leases of the closed nodes are over then, and whoever was there only has left. */
  private boolean leaversHaveLeft() {
    return leavers.stream()
        .allMatch(
            leaver ->
                clients.stream()
                    .anyMatch(
                        client ->
                            client.room.equals(leaver.room) && client.left().contains(leaver.id)));
  }

  private void check(RestartNodes nodes) {
    int accepted = 0;
    int lost = 0;
    int duplicated = 0;
    int wrongOrder = 0;
    for (String room : ROOMS) {
      Await.until("the nodes agree on " + room, TIMEOUT, () -> nodes.digests(room).size() == 1);
      List<String> stored =
          nodes
              .chat(0)
              .orElseThrow()
              .room(room)
              .orElseThrow()
              .history(HistoryRange.last(RestartNodes.MAX_MESSAGES))
              .orElseThrow()
              .stream()
              .map(Message::text)
              .toList();
      accepted += stored.size();
      duplicated += stored.size() - new HashSet<>(stored).size();
      for (RestartClient client : clients) {
        if (client.room.equals(room)) {
          awaitLast(client, stored);
          List<String> received = client.messages();
          Set<String> distinct = new HashSet<>(received);
          lost += (int) stored.stream().filter(text -> !distinct.contains(text)).count();
          duplicated += received.size() - distinct.size();
          wrongOrder += received.equals(stored) ? 0 : 1;
        }
      }
    }
    List<String> seenLeaving = new ArrayList<>();
    List<String> seenJoining = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<Long> outages = new ArrayList<>();
    for (RestartClient client : clients) {
      client.left().stream().filter(id -> !id.startsWith("leaver")).forEach(seenLeaving::add);
      seenJoining.addAll(client.joined());
      client.problems().forEach(problem -> problems.add(client + " " + problem));
      outages.addAll(client.outages());
    }
    outages.sort(null);
    System.out.printf(
        Locale.ROOT,
        "A rolling restart of %d nodes with %,d clients: %,d messages of %,d sent are accepted"
            + " (%,d rejections were sent again), %,d deliveries, lost %d, duplicated %d, seen"
            + " leaving %d; %,d clients had to connect again, without service for p50 %d ms, p99"
            + " %d ms, max %d ms%n",
        NODES,
        CLIENTS,
        accepted,
        sum(RestartClient::sent),
        sum(RestartClient::rejections),
        sum(client -> client.messages().size()),
        lost,
        duplicated,
        seenLeaving.size(),
        outages.size(),
        outages.get(outages.size() / 2),
        outages.get(outages.size() * 99 / 100),
        outages.get(outages.size() - 1));
    assertEquals(List.of(), problems);
    assertEquals(sum(RestartClient::sent), accepted, "each message is accepted once");
    assertEquals(0, lost, "lost");
    assertEquals(0, duplicated, "duplicated");
    assertEquals(0, wrongOrder, "clients that received another order");
    assertEquals(List.of(), seenLeaving, "seen leaving");
    assertEquals(List.of(), seenJoining, "seen joining again");
    assertTrue(outages.size() >= CLIENTS, "each client had to connect again");
  }

  private static void awaitLast(RestartClient client, List<String> stored) {
    Await.until(
        client + " receives the last message",
        TIMEOUT,
        () -> client.messages().contains(stored.get(stored.size() - 1)));
  }
}
