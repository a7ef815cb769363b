package dev.roomful.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.ErrorEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A client of the Java SDK that queues its events. */
final class JavaClient extends EventListener {
  private static final int TIMEOUT_SECONDS = 10;

  private final BlockingQueue<ConnectedEvent> connected = new LinkedBlockingQueue<>();
  private final BlockingQueue<ConnectingEvent> lost = new LinkedBlockingQueue<>();
  private final BlockingQueue<DisconnectedEvent> disconnected = new LinkedBlockingQueue<>();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Client sdk;

  JavaClient(URI uri, Options options) {
    options.setMinReconnectDelay(20);
    options.setMaxReconnectDelay(100);
    sdk = new Client(uri.toString(), options, this);
    sdk.connect();
  }

  Client sdk() {
    return sdk;
  }

  JavaClient awaitConnected() throws InterruptedException {
    awaitNext("connected", connected);
    return this;
  }

  /** {@return the code of a lost connection, after which the SDK reconnects} */
  int awaitLost() throws InterruptedException {
    return awaitNext("lost", lost).getCode();
  }

  /** {@return the code of a connection that the SDK does not open again} */
  int awaitDisconnected() throws InterruptedException {
    return awaitNext("disconnected", disconnected).getCode();
  }

  JavaSubscription subscribe(String channel) throws Exception {
    return subscribe(channel, new SubscriptionOptions());
  }

  JavaSubscription subscribe(String channel, SubscriptionOptions options) throws Exception {
    JavaSubscription subscription = new JavaSubscription(this, channel, options);
    subscription.sdk().subscribe();
    subscription.awaitSubscribed();
    return subscription;
  }

  /** {@return the data of the reply} */
  String rpc(String method, String data) throws Exception {
    RPCResult result = await(done -> sdk.rpc(method, data.getBytes(UTF_8), done));
    return text(result.getData());
  }

  <T> T awaitNext(String eventName, BlockingQueue<T> events) throws InterruptedException {
    T event = events.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertNotNull(event, () -> "not " + eventName + " in time; errors so far: " + errors);
    return event;
  }

  static <T> T await(Consumer<ResultCallback<T>> command) throws Exception {
    CompletableFuture<T> future = new CompletableFuture<>();
    command.accept(
        (error, result) -> {
          if (error != null) {
            future.completeExceptionally(error);
          } else {
            future.complete(result);
          }
        });
    return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  static String text(byte[] data) {
    return new String(data, UTF_8);
  }

  @Override
  public void onConnected(Client client, ConnectedEvent event) {
    connected.add(event);
  }

  @Override
  public void onConnecting(Client client, ConnectingEvent event) {
    if (event.getCode() != 0) { // 0: disconnected by this client
      lost.add(event);
    }
  }

  @Override
  public void onDisconnected(Client client, DisconnectedEvent event) {
    disconnected.add(event);
  }

  @Override
  public void onError(Client client, ErrorEvent event) {
    errors.add(event.getError());
  }

  void close() throws InterruptedException {
    sdk.close(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
  }
}
