package dev.roomful.internal.runtime;

import dev.roomful.Chat;
import dev.roomful.ChatObserver;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Authenticator;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.internal.delivery.DefaultScheduler;
import dev.roomful.internal.room.SettingsCheck;
import dev.roomful.internal.session.OriginCheck;
import dev.roomful.internal.session.TextHeartbeat;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.internal.validation.LogEvent;
import dev.roomful.transport.Frame;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a chat and starts it. */
public final class ChatBuilder implements Chat.Builder, Scheduler.Configurable {
  private static final Duration MIN_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration MAX_HEARTBEAT = Duration.ofHours(1);

  private RoomHandler handler = new RoomHandler() {};
  private final Map<String, RoomOptions> declared = new HashMap<>();
  private final Set<String> origins = new HashSet<>();
  private boolean originRequired;
  private boolean mayBlock = true;
  private Authenticator authenticator = Authenticator.acceptAll();
  private Limits limits = Limits.defaults();
  private @Nullable RoomOptions defaults = RoomOptions.defaults();
  private @Nullable Scheduler scheduler;
  private @Nullable Executor callbackExecutor;
  private @Nullable TextHeartbeat heartbeat;
  private @Nullable ClusterEngine engine;
  private final List<ChatObserver> observers = new ArrayList<>();
  private Chat.OnFailure onMessageFailure = Chat.OnFailure.REJECT_MESSAGE;

  @Override
  public Chat.Builder handler(RoomHandler newHandler) {
    handler = Objects.requireNonNull(newHandler, "handler");
    return this;
  }

  @Override
  public Chat.Builder authenticator(Authenticator newAuthenticator) {
    authenticator = Objects.requireNonNull(newAuthenticator, "authenticator");
    return this;
  }

  @Override
  public Chat.Builder limits(Limits newLimits) {
    limits = Objects.requireNonNull(newLimits, "limits");
    return this;
  }

  @Override
  public Chat.Builder rooms(RoomOptions options) {
    if (options.isPermanent()) {
      throw new IllegalArgumentException(
          "rooms that are created by joining cannot be permanent: declare permanent rooms with"
              + " room(name, options)");
    }
    defaults = options;
    return this;
  }

  @Override
  public Chat.Builder onlyDeclaredRooms() {
    defaults = null;
    return this;
  }

  @Override
  public Chat.Builder room(String name, RoomOptions options) {
    declared.put(Identifiers.requireRoomName(name), Objects.requireNonNull(options, "options"));
    return this;
  }

  @Override
  public Chat.Builder allowOrigins(String... allowed) {
    for (String origin : allowed) {
      origins.add(OriginCheck.validated(origin));
    }
    return this;
  }

  @Override
  public Chat.Builder requireOrigin() {
    originRequired = true;
    return this;
  }

  @Override
  public Chat.Builder nonBlocking() {
    mayBlock = false;
    return this;
  }

  @Override
  public Chat.Builder callbackExecutor(Executor executor) {
    callbackExecutor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  @Override
  public Chat.Builder onMessageFailure(Chat.OnFailure choice) {
    onMessageFailure = Objects.requireNonNull(choice, "choice");
    return this;
  }

  @Override
  public Chat.Builder heartbeat(Duration interval, String text) {
    if (interval.compareTo(MIN_HEARTBEAT) < 0 || interval.compareTo(MAX_HEARTBEAT) > 0) {
      throw new IllegalArgumentException(
          "heartbeat interval "
              + interval
              + " is not between "
              + MIN_HEARTBEAT
              + " and "
              + MAX_HEARTBEAT);
    }
    heartbeat = new TextHeartbeat(interval, Frame.text(text));
    return this;
  }

  @Override
  public Chat.Builder observer(ChatObserver observer) {
    observers.add(Objects.requireNonNull(observer, "observer"));
    return this;
  }

  @Override
  public Chat.Builder cluster(ClusterEngine newEngine) {
    engine = Objects.requireNonNull(newEngine, "engine");
    return this;
  }

  @Override
  public void scheduler(Scheduler newScheduler) {
    scheduler = newScheduler;
  }

  @Override
  public Chat build() {
    LogEvent.prepare();
    SettingsCheck.check(limits);
    if (defaults != null) {
      SettingsCheck.check(limits, "rooms that are not declared", defaults);
    }
    declared.forEach(
        (name, options) -> SettingsCheck.check(limits, "room \"" + name + "\"", options));
    Scheduler started =
        scheduler == null
            ? new DefaultScheduler(Runtime.getRuntime().availableProcessors(), callbackExecutor)
            : scheduler;
    ChatRuntime runtime =
        new ChatRuntime(
            handler,
            authenticator,
            new OriginCheck(origins, originRequired),
            mayBlock,
            limits,
            started,
            defaults,
            declared,
            onMessageFailure,
            heartbeat,
            engine,
            observers);
    runtime.start();
    return runtime.chat;
  }
}
