package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.TransportContract;

/** The contract over streams of one HTTP/2 connection, opened by extended CONNECT (RFC 8441). */
class Http2ContractTest extends TransportContract {
  @Override
  protected RunningTransport serve(Chat chat, String path) throws Exception {
    Http2Server server = new Http2Server();
    server.mount(context -> JettyChat.mount(chat, context, path));
    return server.startWithGateway();
  }
}
