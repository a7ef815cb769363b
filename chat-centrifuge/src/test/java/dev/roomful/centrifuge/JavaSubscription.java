package dev.roomful.centrifuge;

import static dev.roomful.centrifuge.JavaClient.await;
import static dev.roomful.centrifuge.JavaClient.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A subscription of the Java SDK that queues its events. */
final class JavaSubscription extends SubscriptionEventListener {
  private final BlockingQueue<SubscribedEvent> subscribed = new LinkedBlockingQueue<>();
  private final BlockingQueue<UnsubscribedEvent> unsubscribed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Map<String, String>> tags = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> joined = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> left = new LinkedBlockingQueue<>();
  private final JavaClient client;
  private final Subscription sdk;

  JavaSubscription(JavaClient client, String channel, SubscriptionOptions options)
      throws DuplicateSubscriptionException {
    this.client = client;
    this.sdk = client.sdk().newSubscription(channel, options, this);
  }

  Subscription sdk() {
    return sdk;
  }

  SubscribedEvent awaitSubscribed() throws InterruptedException {
    return client.awaitNext("subscribed to " + sdk.getChannel(), subscribed);
  }

  void awaitUnsubscribed() throws InterruptedException {
    client.awaitNext("unsubscribed from " + sdk.getChannel(), unsubscribed);
  }

  /** {@return the next publications} */
  List<String> awaitReceived(int count) throws InterruptedException {
    List<String> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(client.awaitNext("publication after " + next, received));
    }
    return next;
  }

  /** {@return the user of the next join} */
  String awaitJoined() throws InterruptedException {
    return client.awaitNext("joined", joined);
  }

  /** {@return the user of the next leave} */
  String awaitLeft() throws InterruptedException {
    return client.awaitNext("left", left);
  }

  /** {@return the tags of the next publication} */
  Map<String, String> awaitTags() throws InterruptedException {
    return client.awaitNext("publication with tags", tags);
  }

  /** Publishes, and returns after the reply. */
  void publish(String text) throws Exception {
    JavaClient.<PublishResult>await(done -> sdk.publish(text.getBytes(UTF_8), done));
  }

  List<String> users() throws Exception {
    return await(sdk::presence).getClients().values().stream()
        .map(info -> info.getUser())
        .sorted()
        .toList();
  }

  HistoryResult history(HistoryOptions.Builder options) throws Exception {
    return await(done -> sdk.history(options.build(), done));
  }

  @Override
  public void onSubscribed(Subscription subscription, SubscribedEvent event) {
    subscribed.add(event);
  }

  @Override
  public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
    unsubscribed.add(event);
  }

  @Override
  public void onPublication(Subscription subscription, PublicationEvent event) {
    received.add(text(event.getData()));
    if (event.getTags() != null) { // the SDK leaves them out in recovery
      tags.add(event.getTags());
    }
  }

  @Override
  public void onJoin(Subscription subscription, JoinEvent event) {
    joined.add(event.getInfo().getUser());
  }

  @Override
  public void onLeave(Subscription subscription, LeaveEvent event) {
    left.add(event.getInfo().getUser());
  }
}
