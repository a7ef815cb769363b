package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.TransportContract;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

/** The contract over HTTP/2 with nothing but the Jakarta API, on Jetty ee10. */
class Http2PlainEe10ContractTest extends TransportContract {
  @Override
  protected RunningTransport serve(Chat chat, String path) throws Exception {
    Http2Server server = new Http2Server();
    JakartaChat mount = JakartaChat.of(chat, path);
    ServletContextHandler context = new ServletContextHandler("/");
    JakartaWebSocketServletContainerInitializer.configure(context, null);
    context.addServlet(new ServletHolder(mount.servlet()), mount.servletMapping());
    server.server.setHandler(context);
    return server.startWithGateway();
  }

  @Override
  protected boolean cutsStalledReadersPromptly() {
    return false;
  }
}
