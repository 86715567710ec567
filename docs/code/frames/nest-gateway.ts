import { Inject } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { TRACKER, type Tracker } from '@successeve/nestjs';

interface Client {
  readonly userId: string;
}

@WebSocketGateway()
export class AGateway {
  @Inject(TRACKER) tracker!: Tracker;

  // the block
}
