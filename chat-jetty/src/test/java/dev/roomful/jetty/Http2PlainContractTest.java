package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.TransportContract;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

/** The contract over HTTP/2 with nothing but the Jakarta API, on Jetty ee11. */
class Http2PlainContractTest extends TransportContract {
  @Override
  protected RunningTransport serve(Chat chat, String path) throws Exception {
    Http2Server server = new Http2Server();
    JakartaChat mount = JakartaChat.of(chat, path);
    JakartaWebSocketServletContainerInitializer.configure(server.context, null);
    server.context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
    return server.startWithGateway();
  }

  @Override
  protected boolean cutsStalledReadersPromptly() {
    return false;
  }
}
