package dev.roomful.centrifuge;

import dev.roomful.Participant;
import dev.roomful.Payload;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Executes the commands of one client, in the callback queue of its participant. */
final class CommandExecutor {
  private final CentrifugeProtocolHandler handler;
  private final ClientAuthentication authentication;
  private final ClientSubscriptions subscriptions;
  private final RoomQueries queries;
  private volatile @Nullable CommandRateLimiter rateLimiter;

  CommandExecutor(
      CentrifugeProtocolHandler handler,
      ClientAuthentication authentication,
      ClientSubscriptions subscriptions) {
    this.handler = handler;
    this.authentication = authentication;
    this.subscriptions = subscriptions;
    this.queries = new RoomQueries(handler);
  }

  /** Sets what the commands cost, before the first of them. */
  void chargeTo(CommandRateLimiter newRateLimiter) {
    rateLimiter = newRateLimiter;
  }

  /** Executes a command, unless it comes too fast or is not supported, and sends the reply. */
  void execute(Command command) {
    ClientRequest request = command.request();
    if (request instanceof ClientRequest.Connect) {
      var unused = handler.disconnect(Disconnect.BAD_REQUEST);
      return;
    }
    ClientError error = rateError(request).orElse(request.unsupportedError());
    if (request instanceof ClientRequest.Send send) {
      if (error == null) {
        handleSend(send);
      }
      return;
    }
    Reply.Outcome outcome = error != null ? error : outcomeOf(command.id(), request);
    if (outcome != null) {
      handler.replies.send(command.id(), outcome);
    }
  }

  private Optional<ClientError> rateError(ClientRequest request) {
    CommandRateLimiter currentLimiter = rateLimiter;
    return currentLimiter == null
        ? Optional.empty()
        : currentLimiter.check(request, handler.now()).map(ProtocolMapping::errorFor);
  }

  /** {@return the outcome of a request, null if there is none to be sent} */
  private Reply.@Nullable Outcome outcomeOf(long id, ClientRequest request) {
    if (request instanceof ClientRequest.Publish publish) {
      return publish(publish);
    }
    if (request instanceof ClientRequest.Subscribe subscribe) {
      return subscriptions.subscribe(id, subscribe);
    }
    if (request instanceof ClientRequest.Unsubscribe unsubscribe) {
      return subscriptions.unsubscribe(unsubscribe);
    }
    if (request instanceof ClientRequest.Presence presence) {
      return queries.presence(presence);
    }
    if (request instanceof ClientRequest.PresenceStats stats) {
      return queries.presenceStats(stats);
    }
    if (request instanceof ClientRequest.History history) {
      return queries.history(history);
    }
    if (request instanceof ClientRequest.Rpc rpc) {
      return callRpc(rpc);
    }
    if (request instanceof ClientRequest.Refresh refresh) {
      return authentication.refresh(refresh);
    }
    if (request instanceof ClientRequest.SubRefresh refresh) {
      return subscriptions.refresh(refresh);
    }
    return ClientError.METHOD_NOT_FOUND;
  }

  private Reply.@Nullable Outcome publish(ClientRequest.Publish request) {
    if (request.channel().isEmpty()) {
      return handler.disconnect(Disconnect.BAD_REQUEST);
    }
    if (request.data().isEmpty()) {
      return ClientError.BAD_REQUEST;
    }
    return handler
        .session
        .publish(request.channel(), ProtocolMapping.payload(request.data()))
        .rejection()
        .<Reply.Outcome>map(ProtocolMapping::errorFor)
        .orElseGet(Reply.Published::new);
  }

  private Reply.Outcome callRpc(ClientRequest.Rpc request) {
    if (handler.gateway.rpcHandlers.isEmpty()) {
      return ClientError.NOT_AVAILABLE;
    }
    Centrifuge.RpcHandler rpcHandler = handler.gateway.rpcHandlers.get(request.method());
    if (rpcHandler == null) {
      return ClientError.METHOD_NOT_FOUND;
    }
    Participant participant = handler.session.participant();
    try {
      return rpcHandler.handle(participant, payload(request.data())).outcome();
    } catch (Throwable failure) {
      handler.log("Rpc handler \"" + request.method() + "\"", failure);
      return ClientError.INTERNAL;
    }
  }

  private void handleSend(ClientRequest.Send request) {
    BiConsumer<Participant, Payload> listener = handler.gateway.sendListener;
    if (listener == null) {
      var unused = handler.disconnect(Disconnect.NOT_AVAILABLE);
      return;
    }
    try {
      listener.accept(handler.session.participant(), payload(request.data()));
    } catch (Throwable failure) {
      handler.log("Send listener", failure);
    }
  }

  private static Payload payload(RawData data) {
    return data.isEmpty() ? Payload.text("") : ProtocolMapping.payload(data);
  }
}
